import Domain
import Testing
import WireFormats

@testable import Admin

/// What those see and may do who see only their own.
@Suite struct NarrowingTests {
    @Test func `an internal user sees own keys only`() async throws {
        try await withOffice { office in
            let own = await office.send(.get, "/key/list", as: .olaf)
            #expect(own["keys"]?.texts == [World.hash("olaf").hex])
            #expect(await office.send(.get, "/key/list?user_id=ines", as: .olaf).status == 403)
            #expect(await office.send(.get, "/key/list?team_id=search", as: .olaf)["total_count"]?.integer == 0)
            #expect(await office.send(.get, "/key/info?key=\(World.key("ines"))", as: .olaf).status == 403)
            #expect(await office.send(.get, "/key/info", as: .olaf)["info"]?["user_id"]?.string == "olaf")
            let asked = #"{"keys":["\#(World.key("ines"))","\#(World.key("olaf"))"]}"#
            let infos = await office.send(.post, "/v2/key/info", asked, as: .olaf)
            #expect(infos["info"]?.array?.count == 1)
        }
    }

    @Test func `a key without a user sees itself only`() async throws {
        try await withOffice { office in
            let list = await office.send(.get, "/key/list", as: .keyOnly)
            #expect(list["keys"]?.texts == [World.hash("nobody").hex])
            #expect(await office.send(.get, "/key/info?key=\(World.key("ines"))", as: .keyOnly).status == 403)
            #expect(await office.send(.get, "/team/info?team_id=other", as: .keyOnly).status == 403)
        }
    }

    @Test func `a team's admin manages the team's keys, and its members do what it lets them`() async throws {
        try await withOffice { office in
            let key = World.key("search")
            let update = #"{"key":"\#(key)","max_budget":2}"#
            #expect(
                await office.send(.get, "/key/list?team_id=search", as: .ines)["keys"]?.texts == [
                    World.hash("search").hex
                ]
            )
            #expect(await office.send(.post, "/key/update", update, as: .ines).status == 200)
            #expect(await office.send(.post, "/key/update", update, as: .olaf).status == 403)
            let make = #"{"team_id":"search"}"#
            #expect(await office.send(.post, "/key/generate", make, as: .mara).status == 403)
            let permit = #"{"team_id":"search","team_member_permissions":["/key/generate"]}"#
            #expect(await office.send(.post, "/team/permissions_update", permit, as: .ines).status == 200)
            let made = await office.send(.post, "/key/generate", make, as: .mara)
            #expect(made["user_id"]?.string == "mara")
            #expect(made["organization_id"]?.string == "acme")
            // Viewers stay viewers, whatever the team lets its members do.
            #expect(await office.send(.post, "/key/generate", make, as: .vera).status == 403)
            #expect(
                await office.send(.post, "/key/generate", #"{"team_id":"search","user_id":"olaf"}"#, as: .mara).status
                    == 403
            )
        }
    }

    @Test func `what a team may spend is not for its own admin`() async throws {
        try await withOffice { office in
            var team = Team(id: "lab")
            team.models = ["gpt-4o", "o3"]
            team.members = [TeamMember(userID: "olaf", role: .admin)]
            try await office.insert(team)
            let change = { (fields: String) async in
                await office.send(.post, "/team/update", #"{"team_id":"lab",\#(fields)}"#, as: .olaf)
            }
            #expect(await change(#""team_alias":"Lab""#)["data"]?["team_alias"]?.string == "Lab")
            #expect(await change(#""models":["o3"]"#).status == 200)
            for fields in [
                #""max_budget":1000"#, #""rpm_limit":1000"#, #""models":[]"#, #""models":["o3","gpt-5"]"#,
                #""blocked":true"#, #""budget_id":"shared""#, #""organization_id":"acme""#,
            ] {
                let reply = await change(fields)
                #expect([401, 403].contains(reply.status), "\(fields): \(reply.text)")
            }
            #expect(await office.send(.post, "/team/delete", #"{"team_ids":["lab"]}"#, as: .olaf).status == 401)
            #expect(
                await office.send(.post, "/team/model/add", #"{"team_id":"lab","models":["gpt-5"]}"#, as: .olaf).status
                    == 403
            )
            let add = #"{"team_id":"lab","member":{"user_id":"mara"},"max_budget_in_team":1}"#
            #expect(await office.send(.post, "/team/member_add", add, as: .olaf).status == 200)
        }
    }

    @Test func `teams and organizations are seen by those who are in them`() async throws {
        try await withOffice { office in
            #expect(Self.ids(await office.send(.get, "/team/list", as: .vera), "team_id") == ["search"])
            #expect(Self.ids(await office.send(.get, "/team/list", as: .olaf), "team_id") == [])
            #expect(await office.send(.get, "/v2/team/list", as: .olaf)["total"]?.integer == 0)
            #expect(await office.send(.get, "/team/info?team_id=search", as: .olaf).status == 403)
            #expect(Self.ids(await office.send(.get, "/organization/list", as: .vera), "organization_id") == ["acme"])
            #expect(await office.send(.get, "/organization/info?organization_id=acme", as: .olaf).status == 403)
            #expect(await office.send(.get, "/organization/info?organization_id=globex", as: .ines).status == 403)
            // Of a team's keys, its plain members see their own.
            #expect(await office.send(.get, "/team/info?team_id=search", as: .vera)["keys"]?.array?.isEmpty == true)
            #expect(await office.send(.get, "/team/info?team_id=search", as: .ines)["keys"]?.array?.count == 1)
        }
    }

    static func ids(_ reply: Reply, _ name: String) -> [String] {
        (reply.json.array ?? []).compactMap { $0[name]?.string }.sorted()
    }

    @Test func `an organization's admin reaches no further than it`() async throws {
        try await withOffice { office in
            let requests: [(RouteKey.Method, String, String)] = [
                (.post, "/user/new", #"{"user_id":"x","organization_id":"globex"}"#),
                (.post, "/user/new", #"{"user_id":"x"}"#),
                (.post, "/user/new", #"{"user_id":"x","organization_id":"acme","user_role":"proxy_admin"}"#),
                (.post, "/user/update", #"{"user_id":"mara","user_role":"proxy_admin"}"#),
                (.post, "/user/update", #"{"user_id":"mara","organization_id":"globex"}"#),
                (.post, "/user/update", #"{"user_id":"olaf","max_budget":5}"#),
                (.post, "/user/delete", #"{"user_ids":["olaf"]}"#),
                (.post, "/team/new", #"{"team_id":"x","organization_id":"globex"}"#),
                (.post, "/team/new", #"{"team_id":"x"}"#),
                (.post, "/team/update", #"{"team_id":"search","organization_id":"globex"}"#),
                (.post, "/team/update", #"{"team_id":"search","organization_id":null}"#),
                (.patch, "/organization/update", #"{"organization_id":"acme","max_budget":1000}"#),
                (.patch, "/organization/update", #"{"organization_id":"globex","organization_alias":"mine"}"#),
                (.post, "/organization/member_add", #"{"organization_id":"globex","member":{"user_id":"ines"}}"#),
            ]
            for (method, path, body) in requests {
                let reply = await office.send(method, path, body, as: .ines)
                #expect([401, 403].contains(reply.status), "\(path) \(body): \(reply.text)")
            }
            let audit = try await office.audit()
            #expect(audit.isEmpty)
        }
    }

    @Test func `an organization's admin takes over nobody by adding them`() async throws {
        try await withOffice { office in
            let add = #"{"organization_id":"acme","member":[{"user_id":"ada"},{"user_id":"olaf"}]}"#
            #expect(await office.send(.post, "/organization/member_add", add, as: .ines).status == 200)
            for name in ["ada", "olaf"] {
                #expect(
                    await office.send(.post, "/user/delete", #"{"user_ids":["\#(name)"]}"#, as: .ines).status == 401
                )
            }
            // Nor when the proxy's admin belongs to the organization.
            #expect(
                await office.send(.post, "/user/update", #"{"user_id":"ada","organization_id":"acme"}"#).status == 200
            )
            #expect(await office.send(.post, "/user/delete", #"{"user_ids":["ada"]}"#, as: .ines).status == 401)
        }
    }

    @Test func `users are seen by themselves and their organization's admin`() async throws {
        try await withOffice { office in
            #expect(await office.send(.get, "/user/info?user_id=ines", as: .olaf).status == 401)
            #expect(await office.send(.get, "/user/spend?user_id=ines", as: .olaf).status == 401)
            #expect(await office.send(.get, "/user/info", as: .olaf)["user_id"]?.string == "olaf")
            #expect(await office.send(.get, "/user/info?user_id=mara", as: .ines).status == 200)
            let own = await office.send(.get, "/user/list", as: .olaf)
            #expect(own["users"]?.array?.compactMap { $0["user_id"]?.string } == ["olaf"])
            #expect(await office.send(.get, "/user/list?user_ids=ines", as: .olaf)["total"]?.integer == 0)
            #expect(await office.send(.get, "/user/list?organization_id=acme", as: .olaf)["total"]?.integer == 0)
            #expect(await office.send(.get, "/user/list?organization_id=acme", as: .ines)["total"]?.integer == 3)
            #expect(await office.send(.get, "/user/list", as: .wim)["total"]?.integer == 6)
        }
    }

    @Test func `a key's owner cannot lift what others set`() async throws {
        try await withOffice { office in
            let key = World.key("olaf")
            for fields in [
                #""max_budget":1000"#, #""models":["gpt-5"]"#, #""user_id":"ines""#, #""duration":"90d""#,
                #""permissions":{"get_spend_routes":true}"#, #""team_id":"search""#, #""allowed_routes":["/spend"]"#,
            ] {
                let reply = await office.send(.post, "/key/update", #"{"key":"\#(key)",\#(fields)}"#, as: .olaf)
                #expect(reply.status == 403, "\(fields): \(reply.text)")
            }
            #expect(await office.send(.post, "/key/block", #"{"key":"\#(key)"}"#, as: .ada).status == 200)
            #expect(await office.send(.post, "/key/unblock", #"{"key":"\#(key)"}"#, as: .olaf).status == 403)
            #expect(await office.send(.post, "/key/generate", #"{"permissions":{"a":true}}"#, as: .olaf).status == 403)
        }
    }

    @Test func `tags are seen by those whose keys and teams carry them`() async throws {
        try await withOffice { office in
            #expect(await office.send(.get, "/tag/list", as: .olaf).json.array?.isEmpty == true)
            _ = await office.send(.post, "/tag/update", #"{"name":"batch","max_budget":7}"#)
            _ = await office.send(.post, "/key/update", #"{"key":"\#(World.key("olaf"))","tags":["batch"]}"#)
            let list = await office.send(.get, "/tag/list", as: .olaf)
            #expect(Self.ids(list, "name") == ["batch"])
            #expect(!list.text.contains("max_budget"))
        }
    }
}
