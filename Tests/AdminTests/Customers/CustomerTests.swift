import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct CustomerTests {
    @Test(arguments: ["/customer", "/end_user"])
    func `a customer is made, changed, blocked and deleted`(prefix: String) async throws {
        try await withOffice { office in
            let made = await office.send(
                .post,
                "\(prefix)/new",
                #"{"user_id":"client","alias":"Client","budget_id":"shared"}"#
            )
            #expect(made["user_id"]?.string == "client")
            #expect(made["blocked"]?.bool == false)
            #expect(made["litellm_budget_table"]?["budget_id"]?.string == "shared")
            #expect(await office.send(.post, "\(prefix)/new", #"{"user_id":"client"}"#).status == 400)
            let update = await office.send(
                .post,
                "\(prefix)/update",
                #"{"user_id":"client","max_budget":0,"budget_id":null}"#
            )
            #expect(update["max_budget"]?.spelling == "0.0")
            #expect(update["litellm_budget_table"]?.isNull == true)
            let blocked = await office.send(.post, "\(prefix)/block", #"{"user_ids":["client","stranger"]}"#)
            #expect(blocked["blocked_users"]?.array?.compactMap { $0["blocked"]?.bool } == [true, true])
            #expect(await office.send(.get, "\(prefix)/list?blocked=true").json.array?.count == 2)
            #expect(await office.send(.get, "\(prefix)/list?alias=Client").json.array?.count == 1)
            _ = await office.send(.post, "\(prefix)/unblock", #"{"user_ids":["client"]}"#)
            #expect(await office.send(.get, "\(prefix)/info?end_user_id=client")["blocked"]?.bool == false)
            #expect(await office.send(.post, "\(prefix)/unblock", #"{"user_ids":["none"]}"#).status == 404)
            let deleted = await office.send(.post, "\(prefix)/delete", #"{"user_ids":["client"]}"#)
            #expect(deleted["deleted_customers"]?.integer == 1)
            #expect(await office.send(.get, "\(prefix)/info?end_user_id=client").status == 404)
        }
    }

    @Test func `what is not enforced is refused`() async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/customer/new", #"{"user_id":"client","allowed_model_region":"eu"}"#)
            #expect(reply.status == 400)
            #expect(reply.param == "allowed_model_region")
        }
    }
}
