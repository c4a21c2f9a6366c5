import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct TeamTests {
    @Test func `a team is made, changed, blocked and deleted with its keys`() async throws {
        try await withOffice { office in
            let made = await office.send(
                .post,
                "/team/new",
                #"{"team_alias":"Lab","max_budget":0,"budget_duration":"30d","members_with_roles":[{"user_id":"mara","role":"user"}]}"#
            )
            let id = try #require(made["team_id"]?.string)
            #expect(made["max_budget"]?.spelling == "0.0")
            #expect(made["rpm_limit"]?.isNull == true)
            #expect(made["admins"]?.texts == ["default_user_id"])
            #expect(made["members"]?.texts == ["mara"])
            #expect(made["budget_reset_at"]?.isNull == false)
            #expect(await office.send(.post, "/team/new", #"{"team_id":"\#(id)"}"#).status == 400)

            let update = await office.send(
                .post,
                "/team/update",
                #"{"team_id":"\#(id)","max_budget":null,"tpm_limit":0}"#
            )
            #expect(update["data"]?["max_budget"]?.isNull == true)
            #expect(update["data"]?["tpm_limit"]?.integer == 0)
            #expect(update["data"]?["team_alias"]?.string == "Lab")

            #expect(await office.send(.post, "/team/block", #"{"team_id":"\#(id)"}"#)["blocked"]?.bool == true)
            #expect(await office.send(.post, "/team/unblock", #"{"team_id":"\#(id)"}"#)["blocked"]?.bool == false)

            _ = await office.send(.post, "/key/generate", #"{"team_id":"\#(id)"}"#)
            let deleted = await office.send(.post, "/team/delete", #"{"team_ids":["\#(id)"]}"#)
            #expect(deleted["deleted_teams"]?.texts == [id])
            #expect(deleted["deleted_keys"]?.integer == 1)
            #expect(await office.send(.get, "/team/info?team_id=\(id)").status == 404)
            #expect(await office.send(.get, "/key/list?team_id=\(id)")["total_count"]?.integer == 0)
        }
    }

    @Test func `members are added, changed and taken out with their keys`() async throws {
        try await withOffice { office in
            let added = await office.send(
                .post,
                "/team/member_add",
                #"{"team_id":"search","member":[{"user_id":"olaf","role":"user"},{"user_email":"new@example.com"}],"max_budget_in_team":5}"#
            )
            #expect(added.status == 200)
            #expect(added["updated_users"]?.array?.count == 2)
            #expect(
                added["updated_team_memberships"]?.array?.first?["litellm_budget_table"]?["max_budget"]?.spelling
                    == "5.0"
            )
            // Who was not known is a user now.
            let users = await office.send(.get, "/user/list?user_email=new@example.com")
            #expect(users["total"]?.integer == 1)
            let twice = #"{"team_id":"search","member":{"user_id":"olaf"}}"#
            #expect(await office.send(.post, "/team/member_add", twice).status == 400)

            let changed = await office.send(
                .post,
                "/team/member_update",
                #"{"team_id":"search","user_email":"olaf@example.com","role":"admin","rpm_limit":0}"#
            )
            #expect(changed["role"]?.string == "admin")
            #expect(changed["rpm_limit"]?.integer == 0)
            #expect(changed["max_budget_in_team"]?.spelling == "5.0")
            let lifted = #"{"team_id":"search","user_id":"olaf","max_budget_in_team":null}"#
            #expect(await office.send(.post, "/team/member_update", lifted)["max_budget_in_team"]?.isNull == true)

            let key =
                await office.send(.post, "/key/generate", #"{"team_id":"search","user_id":"olaf"}"#)["key"]?.string
                ?? ""
            let out = await office.send(.post, "/team/member_delete", #"{"team_id":"search","user_id":"olaf"}"#)
            #expect(out["admins"]?.texts == ["ines"])
            #expect(await office.send(.get, "/key/info?key=\(key)").status == 404)
            #expect(await office.send(.get, "/key/info?key=\(World.key("olaf"))").status == 200)
            #expect(
                await office.send(.post, "/team/member_delete", #"{"team_id":"search","user_id":"olaf"}"#).status == 404
            )
            #expect(await office.send(.post, "/team/member_delete", #"{"team_id":"search"}"#).status == 400)
        }
    }

    @Test func `many members are added all or none`() async throws {
        try await withOffice { office in
            let bad = #"{"team_id":"other","members":[{"user_id":"olaf"},{"user_id":"olaf"}]}"#
            #expect(await office.send(.post, "/team/bulk_member_add", bad).status == 400)
            #expect(
                await office.send(.post, "/team/bulk_member_add", #"{"team_id":"other","members":[]}"#).status == 400
            )
            let odd = await office.send(
                .post,
                "/team/bulk_member_add",
                #"{"team_id":"other","members":[{"usr_id":"olaf"}]}"#
            )
            #expect(odd.status == 400)
            #expect(odd.message.contains("'usr_id'"))
            let good = #"{"team_id":"other","members":[{"user_id":"olaf"},{"user_id":"mara","role":"admin"}]}"#
            let reply = await office.send(.post, "/team/bulk_member_add", good)
            #expect(reply["successful_additions"]?.integer == 2)
            #expect(reply["updated_team"]?["admins"]?.texts == ["mara"])
        }
    }

    @Test func `models are added and taken away, but never the last`() async throws {
        try await withOffice { office in
            let add = #"{"team_id":"search","models":["o3","gpt-4o"]}"#
            #expect(
                await office.send(.post, "/team/model/add", add)["models"]?.texts == ["gpt-4o", "gpt-4o-mini", "o3"]
            )
            let some = #"{"team_id":"search","models":["gpt-4o","o3"]}"#
            #expect(await office.send(.post, "/team/model/delete", some)["models"]?.texts == ["gpt-4o-mini"])
            let last = await office.send(.post, "/team/model/delete", #"{"team_id":"search","models":["gpt-4o-mini"]}"#)
            #expect(last.status == 400)
            #expect(last.param == "models")
        }
    }

    @Test func `permissions are those that mean something`() async throws {
        try await withOffice { office in
            let bad = #"{"team_id":"search","team_member_permissions":["/team/new"]}"#
            #expect(await office.send(.post, "/team/permissions_update", bad).param == "team_member_permissions")
            let good = #"{"team_id":"search","team_member_permissions":["/key/generate"]}"#
            #expect(await office.send(.post, "/team/permissions_update", good).status == 200)
            let list = await office.send(.get, "/team/permissions_list?team_id=search")
            #expect(list["team_member_permissions"]?.texts == ["/key/generate"])
            #expect(list["all_available_permissions"]?.texts.contains("/key/delete") == true)
        }
    }

    @Test func `lists are filtered, sorted and paged`() async throws {
        try await withOffice { office in
            for index in 1...3 {
                office.clock.advance(seconds: 60)
                _ = await office.send(
                    .post,
                    "/team/new",
                    #"{"team_id":"t\#(index)","team_alias":"Team \#(4 - index)"}"#
                )
            }
            let names = { (query: String) async in
                await office.send(.get, "/v2/team/list?\(query)")["teams"]?.array?.compactMap { $0["team_id"]?.string }
                    ?? []
            }
            #expect(await names("page_size=2") == ["t3", "t2"])
            #expect(await names("team_alias=TEAM&sort_by=team_alias&sort_order=asc") == ["t3", "t2", "t1"])
            #expect(await names("team_alias=team&sort_by=team_alias&sort_order=asc&page=2&page_size=2") == ["t1"])
            #expect(await names("user_id=mara") == ["search"])
            #expect(await names("organization_id=acme") == ["search"])
            #expect(await names("team_id=t1") == ["t1"])
            let paged = await office.send(.get, "/v2/team/list?page_size=2")
            #expect(paged["total"]?.integer == 5)
            #expect(paged["total_pages"]?.integer == 3)
            #expect(await office.send(.get, "/team/list").json.array?.count == 5)
            #expect(await office.send(.get, "/team/list?page_size=2").json.array?.count == 2)
        }
    }

    @Test func `a reset begins the budget anew and keeps the limit`() async throws {
        try await withOffice { office in
            _ = await office.send(.post, "/team/update", #"{"team_id":"search","max_budget":5}"#)
            let reply = await office.send(.post, "/team/reset_budget", #"{"team_id":"search"}"#)
            #expect(reply["max_budget"]?.spelling == "5.0")
            let team = await office.find(Team.self, "search")
            #expect(team?.allowance.resetAt == office.clock.now)
        }
    }
}
