import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct OrganizationTests {
    @Test func `an organization is made, changed and told about`() async throws {
        try await withOffice { office in
            let body =
                #"{"organization_id":"initech","organization_alias":"Initech","max_budget":0,"models":["gpt-4o"]}"#
            let made = await office.send(.post, "/organization/new", body)
            #expect(made["organization_id"]?.string == "initech")
            #expect(made["max_budget"]?.spelling == "0.0")
            #expect(await office.send(.post, "/organization/new", body).status == 409)
            let update = await office.send(
                .patch,
                "/organization/update",
                #"{"organization_id":"initech","max_budget":null}"#
            )
            #expect(update["max_budget"]?.isNull == true)
            #expect(update["models"]?.texts == ["gpt-4o"])
            let info = await office.send(.get, "/organization/info?organization_id=acme")
            #expect(info["members"]?.array?.count == 3)
            #expect(info["teams"]?.array?.first?["team_id"]?.string == "search")
            let infos = await office.send(.post, "/organization/info", #"{"organizations":["acme","initech"]}"#)
            #expect(infos.json.array?.count == 2)
            #expect(await office.send(.get, "/organization/info?organization_id=none").status == 404)
            let list = await office.send(.get, "/organization/list?org_alias=INI")
            #expect(NarrowingTests.ids(list, "organization_id") == ["initech"])
            #expect(await office.send(.get, "/organization/list?org_id=acme").json.array?.count == 1)
            #expect(await office.send(.get, "/organization/list?page_size=1&page=2").json.array?.count == 1)
        }
    }

    @Test func `members come, change and go`() async throws {
        try await withOffice { office in
            let add =
                #"{"organization_id":"globex","member":[{"user_id":"olaf","role":"org_admin"},{"user_id":"nora"}]}"#
            let added = await office.send(.post, "/organization/member_add", add)
            #expect(
                added["updated_organization_memberships"]?.array?.compactMap { $0["user_role"]?.string }
                    == ["org_admin", "internal_user"]
            )
            #expect(await office.find(User.self, "olaf")?.organizationID == "globex")
            #expect(await office.find(User.self, "nora")?.organizationID == "globex")
            #expect(await office.send(.post, "/organization/member_add", add).status == 400)
            let change = #"{"organization_id":"globex","user_id":"olaf","role":"internal_user_viewer"}"#
            let changed = await office.send(.patch, "/organization/member_update", change)
            #expect(changed["user_role"]?.string == "internal_user_viewer")
            let out = #"{"organization_id":"globex","user_email":"olaf@example.com"}"#
            #expect(await office.send(.delete, "/organization/member_delete", out)["user_id"]?.string == "olaf")
            #expect(await office.find(User.self, "olaf")?.organizationID == nil)
            #expect(await office.send(.delete, "/organization/member_delete", out).status == 404)
        }
    }

    @Test func `what is in a deleted organization goes with it, its users stay`() async throws {
        try await withOffice { office in
            let deleted = await office.send(.delete, "/organization/delete", #"{"organization_ids":["acme"]}"#)
            #expect(NarrowingTests.ids(deleted, "organization_id") == ["acme"])
            #expect(await office.find(Team.self, "search") == nil)
            #expect(await office.find(VirtualKey.self, World.hash("search").hex) == nil)
            let ines = await office.find(User.self, "ines")
            #expect(ines != nil)
            #expect(ines?.organizationID == nil)
            #expect(await office.find(VirtualKey.self, World.hash("ines").hex) != nil)
        }
    }
}
