import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct KeyLifeTests {
    @Test func `a key is made, told about, changed, blocked and deleted`() async throws {
        try await withOffice { office in
            let made = await office.send(
                .post,
                "/key/generate",
                #"{"key_alias":"app","models":["gpt-4o"],"max_budget":0,"duration":"30d","metadata":{"team":"core"}}"#
            )
            #expect(made.status == 200)
            let key = try #require(made["key"]?.string)
            #expect(key.hasPrefix("sk-") && key.utf8.count == 25)
            #expect(made["token"]?.string == KeyHash(of: key).hex)
            #expect(made["key_name"]?.string == "sk-...\(key.suffix(4))")
            // Zero allows nothing and is not "no limit".
            #expect(made["max_budget"]?.spelling == "0.0")
            #expect(made["soft_budget"]?.isNull == true)
            #expect(made["expires"]?.string == office.clock.now.advanced(bySeconds: 30 * 86_400).description)

            let info = await office.send(.get, "/key/info?key=\(key)")
            #expect(info["key"]?.string == key)
            #expect(info["info"]?["key_alias"]?.string == "app")
            #expect(info["info"]?["metadata"]?["team"]?.string == "core")
            #expect(!info.text.contains("\"token\":\"\(key)\""))

            let update = await office.send(.post, "/key/update", #"{"key":"\#(key)","max_budget":null,"rpm_limit":0}"#)
            #expect(update["max_budget"]?.isNull == true)
            #expect(update["rpm_limit"]?.integer == 0)
            #expect(update["models"]?.texts == ["gpt-4o"])

            #expect(await office.send(.post, "/key/block", #"{"key":"\#(key)"}"#)["blocked"]?.bool == true)
            #expect(await office.send(.post, "/key/unblock", #"{"key":"\#(key)"}"#)["blocked"]?.bool != true)

            let deleted = await office.send(.post, "/key/delete", #"{"keys":["\#(key)"]}"#)
            #expect(deleted["deleted_keys"]?.texts == [key])
            let gone = await office.send(.get, "/key/info?key=\(key)")
            #expect(gone.status == 404)
            #expect(gone.message == "Key not found in database")
            #expect(await office.send(.post, "/key/delete", #"{"keys":["\#(key)"]}"#).status == 404)
        }
    }

    @Test func `a regenerated key goes on with the old one's rights, which works until its grace is over`() async throws
    {
        try await withOffice { office in
            let body = #"{"key_alias":"app","max_budget":5,"models":["gpt-4o"]}"#
            let old = try #require(await office.send(.post, "/key/generate", body)["key"]?.string)
            let reply = await office.send(.post, "/key/regenerate", #"{"key":"\#(old)","grace_period":"1h"}"#)
            let new = try #require(reply["key"]?.string)
            #expect(new != old)
            #expect(reply["key_alias"]?.string == "app")
            #expect(reply["max_budget"]?.spelling == "5.0")
            #expect(reply["models"]?.texts == ["gpt-4o"])

            let retired = try #require(
                await office.find(VirtualKey.self, KeyHash(of: old).hex)
            )
            #expect(retired.expiresAt == office.clock.now.advanced(bySeconds: 3600))
            #expect(retired.alias == nil)
            let heir = try #require(await office.find(VirtualKey.self, KeyHash(of: new).hex))
            #expect(heir.replaces == KeyHash(of: old))
            #expect(heir.account == KeyHash(of: old))
            #expect(heir.rotations == 1)
        }
    }

    @Test func `without a grace period the old key is gone at once`() async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/key/\(World.key("ines"))/regenerate", "{}", as: .ines)
            #expect(reply.status == 200)
            let old = await office.find(VirtualKey.self, World.hash("ines").hex)
            #expect(old == nil)
            let chosen = #"{"key":"\#(try #require(reply["key"]?.string))","new_key":"sk-chosen-by-hand-1"}"#
            #expect(await office.send(.post, "/key/regenerate", chosen)["key"]?.string == "sk-chosen-by-hand-1")
        }
    }

    @Test func `an alias is one key's only`() async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/key/generate", #"{"key_alias":"iness"}"#)
            #expect(reply.status == 400)
            #expect(reply.param == "key_alias")
            #expect(reply.message.hasPrefix("Key with alias 'iness' already exists."))
        }
    }

    @Test(arguments: [
        (#"{"max_budget":-1}"#, "max_budget"), (#"{"max_budget":"5"}"#, "max_budget"),
        (#"{"max_budget":0.0000000001}"#, "max_budget"), (#"{"duration":"soon"}"#, "duration"),
        (#"{"rpm_limit":1.5}"#, "rpm_limit"), (#"{"models":"gpt-4o"}"#, "models"),
        (#"{"key":"mine-1234567890abcdef"}"#, "key"), (#"{"key":"sk-short"}"#, "key"),
        (#"{"team_id":"none"}"#, "team_id"), (#"{"budget_id":"none"}"#, "budget_id"),
        (#"{"organization_id":"none"}"#, "organization_id"),
        (#"{"allowed_routes":["lm_api_routes"]}"#, "allowed_routes"),
        (#"{"guardrails":["pii"]}"#, "guardrails"), (#"{"key_alias":""}"#, "key_alias"),
    ])
    func `what cannot be is refused by the field's name`(body: String, field: String) async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/key/generate", body)
            #expect(reply.status == 400)
            #expect(reply.param == field)
            let audit = try await office.audit()
            #expect(audit.isEmpty)
        }
    }

    @Test func `the list is paged, filtered and sorted`() async throws {
        try await withOffice { office in
            for index in 1...5 {
                office.clock.advance(seconds: 60)
                _ = await office.send(.post, "/key/generate", #"{"key_alias":"app-\#(index)","user_id":"olaf"}"#)
            }
            let first = await office.send(.get, "/key/list?search=app-&size=2&return_full_object=true")
            #expect(first["keys"]?.array?.compactMap { $0["key_alias"]?.string } == ["app-5", "app-4"])
            #expect(first["total_count"]?.integer == 5)
            #expect(first["total_pages"]?.integer == 3)
            let last = await office.send(
                .get,
                "/key/list?search=APP-&size=2&page=3&sort_by=key_alias&sort_order=asc&return_full_object=true"
            )
            #expect(last["keys"]?.array?.compactMap { $0["key_alias"]?.string } == ["app-5"])
            #expect(await office.send(.get, "/key/list?user_id=olaf")["total_count"]?.integer == 6)
            #expect(await office.send(.get, "/key/aliases?key_alias=app-3")["aliases"]?.texts == ["app-3"])
            #expect(await office.send(.get, "/key/list?size=101").status == 400)
            #expect(await office.send(.get, "/key/list?page=0").status == 400)
            #expect(await office.send(.get, "/key/list?sort_by=hash").status == 400)
            _ = await office.send(.post, "/key/block", #"{"key":"\#(World.key("olaf"))"}"#)
            #expect(await office.send(.get, "/key/list?status=blocked")["total_count"]?.integer == 1)
        }
    }
}
