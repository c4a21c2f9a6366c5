import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct BudgetTests {
    @Test func `a budget is made, changed, told about and deleted`() async throws {
        try await withOffice { office in
            let body = #"{"budget_id":"small","max_budget":0,"soft_budget":1.5,"budget_duration":"7d"}"#
            let made = await office.send(.post, "/budget/new", body)
            #expect(made["budget_id"]?.string == "small")
            #expect(made["max_budget"]?.spelling == "0.0")
            #expect(made["soft_budget"]?.spelling == "1.5")
            #expect(made["created_by"]?.string == "default_user_id")
            #expect(await office.send(.post, "/budget/new", body).status == 409)
            let update = await office.send(.post, "/budget/update", #"{"budget_id":"small","max_budget":null}"#)
            #expect(update["max_budget"]?.isNull == true)
            #expect(update["budget_duration"]?.string == "7d")
            let info = await office.send(.post, "/budget/info", #"{"budgets":["small","none","shared"]}"#)
            #expect(NarrowingTests.ids(info, "budget_id") == ["shared", "small"])
            #expect(await office.send(.get, "/budget/list").json.array?.count == 3)
            #expect(await office.send(.get, "/budget/list?search=SMA").json.array?.count == 1)
            let settings = await office.send(.get, "/budget/settings?budget_id=small")
            let soft = settings.json.array?.first { $0["field_name"]?.string == "soft_budget" }
            #expect(soft?["field_value"]?.spelling == "1.5")
            #expect(soft?["stored_in_db"]?.bool == true)
            #expect(await office.send(.post, "/budget/delete", #"{"id":"small"}"#).status == 200)
            #expect(await office.send(.post, "/budget/delete", #"{"id":"small"}"#).status == 404)
        }
    }

    @Test(arguments: [
        ("/key/update", #"{"key":"\#(World.key("olaf"))","budget_id":"shared"}"#),
        ("/user/update", #"{"user_id":"olaf","budget_id":"shared"}"#),
        ("/team/update", #"{"team_id":"other","budget_id":"shared"}"#),
        ("/tag/update", #"{"name":"batch","budget_id":"shared"}"#),
        ("/customer/update", #"{"user_id":"buyer","budget_id":"shared"}"#),
    ])
    func `a budget that is in use stays`(path: String, body: String) async throws {
        try await withOffice { office in
            #expect(await office.send(.post, path, body).status == 200)
            let reply = await office.send(.post, "/budget/delete", #"{"id":"shared"}"#)
            #expect(reply.status == 409)
            #expect(reply.message.contains("is in use by"))
            #expect(await office.find(Budget.self, "shared") != nil)
        }
    }
}
