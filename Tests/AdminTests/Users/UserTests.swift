import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct UserTests {
    @Test func `a user is made with a key and a place in a team, changed and deleted`() async throws {
        try await withOffice { office in
            let body =
                #"{"user_id":"nora","user_email":"nora@example.com","user_role":"internal_user","max_budget":10,"teams":["other"]}"#
            let made = await office.send(.post, "/user/new", body)
            #expect(made["user_id"]?.string == "nora")
            #expect(made["key"]?.string?.hasPrefix("sk-") == true)
            let again = await office.send(.post, "/user/new", body)
            #expect(again.status == 409)
            #expect(again.message == "User with id nora already exists")

            let info = await office.send(.get, "/user/info?user_id=nora")
            #expect(info["user_info"]?["max_budget"]?.spelling == "10.0")
            #expect(info["keys"]?.array?.count == 1)
            #expect(info["teams"]?.array?.first?["team_id"]?.string == "other")

            let update = await office.send(.post, "/user/update", #"{"user_email":"NORA@example.com","max_budget":0}"#)
            #expect(update["user_id"]?.string == "nora")
            #expect(update["data"]?["max_budget"]?.spelling == "0.0")
            #expect(
                await office.send(.post, "/user/update", #"{"user_id":"nora","max_budget":null}"#)["data"]?[
                    "max_budget"
                ]?.isNull == true
            )

            let deleted = await office.send(.post, "/user/delete", #"{"user_ids":["nora"]}"#)
            #expect(deleted["deleted_users"]?.integer == 1)
            #expect(deleted["deleted_keys"]?.integer == 1)
            #expect(await office.send(.get, "/user/info?user_id=nora").status == 404)
            let team = await office.find(Team.self, "other")
            #expect(team?.members.isEmpty == true)
        }
    }

    @Test func `without auto_create_key there is no key`() async throws {
        try await withOffice { office in
            let made = await office.send(.post, "/user/new", #"{"auto_create_key":false}"#)
            #expect(made["key"] == nil)
            #expect(made["user_id"]?.string?.count == 36)
        }
    }

    @Test func `the list is filtered and sorted`() async throws {
        try await withOffice { office in
            let names = { (query: String) async in
                await office.send(.get, "/user/list?\(query)")["users"]?.array?.compactMap { $0["user_id"]?.string }
                    ?? []
            }
            #expect(await names("role=internal_user&sort_by=user_id&sort_order=asc") == ["ines", "mara", "olaf"])
            #expect(await names("role=internal_user&sort_by=user_id&sort_order=desc&page_size=2&page=2") == ["ines"])
            #expect(await names("user_email=WIM@") == ["wim"])
            #expect(await names("team=search&sort_by=user_id&sort_order=asc") == ["ines", "mara", "vera"])
            #expect(await names("user_ids=ada,wim&sort_by=user_id") == ["wim", "ada"])
            #expect(await names("search=OLA") == ["olaf"])
        }
    }

    @Test func `a user whom the file declares is changed there`() async throws {
        try await withOffice { office in
            var user = User(id: "filed")
            user.owner = .file
            user.organizationID = "globex"
            try await office.insert(user)
            let update = await office.send(.post, "/user/update", #"{"user_id":"filed","max_budget":5}"#)
            #expect(update.status == 409)
            #expect(update.message == "User 'filed' is declared in config.yaml: change 'max_budget' there.")
            #expect(await office.send(.post, "/user/update", #"{"user_id":"filed","blocked":true}"#).status == 200)
            #expect(await office.send(.post, "/user/delete", #"{"user_ids":["filed"]}"#).status == 409)
            let organization = await office.send(.delete, "/organization/delete", #"{"organization_ids":["globex"]}"#)
            #expect(organization.status == 409)
            #expect(organization.message.contains("declared in config.yaml"))
            #expect(await office.find(Organization.self, "globex") != nil)
        }
    }

    @Test func `several users are changed all or none`() async throws {
        try await withOffice { office in
            let body = #"{"users":[{"user_id":"mara","rpm_limit":1},{"user_id":"ghost","rpm_limit":1}]}"#
            #expect(await office.send(.post, "/user/bulk_update", body).status == 404)
            let mara = await office.find(User.self, "mara")
            #expect(mara?.allowance.rpm == nil)
        }
    }
}
