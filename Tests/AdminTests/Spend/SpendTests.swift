import Domain
import Testing
import WireFormats

@testable import Admin

/// Who has spent how much: sums against the calls that they are made of.
@Suite struct SpendTests {
    private func pairs(_ reply: Reply, _ name: String, _ amount: String) -> [String: String] {
        var result: [String: String] = [:]
        for row in reply.json.array ?? [] { result[row[name]?.string ?? "?"] = row[amount]?.spelling }
        return result
    }

    /// Amounts by what a call belongs to; nil is left out.
    private func expected(
        _ isWanted: (CallRecord) -> Bool = { _ in true },
        by names: (CallRecord) -> [String]
    ) -> [String: String] {
        var sums: [String: NanoDollars] = [:]
        for call in BookedCalls.all where isWanted(call) {
            for name in names(call) { sums[name] = (sums[name] ?? .zero) + (call.cost.total ?? .zero) }
        }
        return sums.mapValues { dollars($0) }
    }

    private func amounts(_ reply: Reply, _ name: String) -> [NanoDollars] {
        (reply.json.array ?? []).compactMap { $0[name]?.spelling.flatMap { NanoDollars(exactly: $0) } }
    }

    @Test func `the whole gateway's spend is what its calls cost`() async throws {
        try await withLedger { office in
            let reply = await office.send(.get, "/global/spend")
            #expect(reply["total_spend"]?.spelling == dollars(BookedCalls.spend()))
            #expect(reply["spend"]?.spelling == dollars(BookedCalls.spend()))
            #expect(reply["max_budget"]?.spelling == "0.0")
        }
        let state = TestGateway()
        state.globalBudget = NanoDollars(100_000_000_000)
        state.live = NanoDollars(5_500_000_000)
        try await withLedger(state: state) { office in
            let reply = await office.send(.get, "/global/spend")
            #expect(reply["total_spend"]?.spelling == dollars(BookedCalls.spend()))
            #expect(reply["spend"]?.spelling == "5.5")
            #expect(reply["max_budget"]?.spelling == "100.0")
        }
    }

    @Test func `an empty ledger answers every question`() async throws {
        try await withOffice { office in
            for route in office.management.routes where route.group == .spend && route.key.method == .get {
                let reply = await office.send(.get, route.key.path)
                #expect(reply.status == 200, "\(route.key): \(reply.text)")
            }
            #expect(await office.send(.get, "/global/spend")["total_spend"]?.spelling == "0.0")
        }
    }

    @Test func `by day`() async throws {
        try await withLedger { office in
            let reply = await office.send(.get, "/global/spend/logs")
            #expect(self.pairs(reply, "date", "spend") == self.expected { [BookedCalls.day($0)] })
            let key = await office.send(.get, "/global/spend/logs?api_key=\(World.key("ines"))")
            let expected = self.expected({ $0.caller.key == World.hash("ines") }, by: { [BookedCalls.day($0)] })
            #expect(self.pairs(key, "date", "spend") == expected)
            let part = await office.send(.get, "/global/spend/logs?start_date=2026-09-18&end_date=2026-09-19")
            #expect((part.json.array ?? []).compactMap { $0["date"]?.string } == ["2026-09-18", "2026-09-19"])
        }
    }

    @Test func `by key, model, provider and tag, the largest first`() async throws {
        try await withLedger { office in
            let keys = await office.send(.get, "/global/spend/keys")
            #expect(
                self.pairs(keys, "api_key", "total_spend") == self.expected { [$0.caller.key?.hex].compactMap { $0 } }
            )
            #expect(keys.json.array?.first?["key_alias"]?.string?.hasSuffix("s") == true)
            let models = await office.send(.get, "/global/spend/models")
            #expect(self.pairs(models, "model", "total_spend") == self.expected { [$0.modelGroup ?? "unknown"] })
            let providers = await office.send(.get, "/global/spend/provider")
            #expect(
                self.pairs(providers, "provider", "spend") == self.expected { [$0.provider].compactMap { $0 } }
            )
            let tags = await office.send(.get, "/spend/tags")
            #expect(self.pairs(tags, "individual_request_tag", "total_spend") == self.expected { $0.caller.tags })
            for (reply, name) in [
                (keys, "total_spend"), (models, "total_spend"), (providers, "spend"), (tags, "total_spend"),
            ] {
                let amounts = self.amounts(reply, name)
                #expect(amounts == amounts.sorted(by: >))
            }
            #expect(await office.send(.get, "/global/spend/keys?limit=1").json.array?.count == 1)
            for limit in ["0", "1001", "x"] {
                #expect(await office.send(.get, "/global/spend/models?limit=\(limit)").param == "limit")
            }
            let named = await office.send(.get, "/global/spend/tags?tags=batch")["spend_per_tag"]?.array ?? []
            #expect(
                named.count == 1
                    && named[0]["log_count"]?.integer == BookedCalls.count { $0.caller.tags.contains("batch") }
            )
            #expect(await office.send(.get, "/global/spend/all_tag_names")["tag_names"]?.texts == ["batch", "nightly"])
        }
    }

    @Test func `by team and day; what belongs to no team is unassigned`() async throws {
        try await withLedger { office in
            let reply = await office.send(.get, "/global/spend/teams")
            #expect(reply["teams"]?.texts == ["Search"])
            let total = reply["total_spend_per_team"]?.array?.first
            #expect(total?["team_id"]?.string == "search")
            #expect(total?["total_spend"]?.spelling == dollars(BookedCalls.spend { $0.caller.teamID == "search" }))
            for row in reply["daily_spend"]?.array ?? [] {
                let day = row["date"]?.string
                let team = BookedCalls.spend { BookedCalls.day($0) == day && $0.caller.teamID != nil }
                let rest = BookedCalls.spend { BookedCalls.day($0) == day && $0.caller.teamID == nil }
                #expect(row["Search"]?.spelling == (team > .zero ? dollars(team) : nil))
                #expect(row["Unassigned"]?.spelling == (rest > .zero ? dollars(rest) : nil))
            }
        }
    }

    @Test func `by customer, all keys' or one's`() async throws {
        try await withLedger { office in
            let all = await office.send(.post, "/global/spend/end_users", "{}")
            #expect(
                self.pairs(all, "end_user", "total_spend") == self.expected { [$0.caller.endUserID].compactMap { $0 } }
            )
            let body = #"{"startTime":"2026-09-18","endTime":"2026-09-20","api_key":"\#(World.key("ines"))"}"#
            let one = await office.send(.post, "/global/spend/end_users", body)
            let expected = self.expected(
                { call in
                    call.caller.key == World.hash("ines")
                        && ("2026-09-18"..."2026-09-20").contains(BookedCalls.day(call))
                },
                by: { [$0.caller.endUserID].compactMap { $0 } }
            )
            #expect(self.pairs(one, "end_user", "total_spend") == expected)
        }
    }

    @Test func `activity counts calls and tokens`() async throws {
        try await withLedger { office in
            let total = await office.send(.get, "/global/activity")
            #expect(total["sum_api_requests"]?.integer == 240)
            #expect(total["sum_total_tokens"]?.integer == BookedCalls.tokens())
            let days = total["daily_data"]?.array ?? []
            #expect(days.compactMap { $0["date"]?.string } == ["Sep 17", "Sep 18", "Sep 19", "Sep 20", "Sep 21"])
            for row in await office.send(.get, "/global/activity/model").json.array ?? [] {
                let model = row["model"]?.string
                #expect(
                    row["sum_total_tokens"]?.integer == BookedCalls.tokens { ($0.modelGroup ?? "unknown") == model }
                )
            }
        }
    }

    // Own spend

    @Test func `users see what is theirs`() async throws {
        try await withLedger { office in
            let models = await office.send(.get, "/spend/models", as: .olaf)
            let expected = self.expected({ $0.caller.userID == "olaf" }, by: { [$0.modelGroup ?? "unknown"] })
            #expect(self.pairs(models, "model", "total_spend") == expected)
            #expect(await office.send(.get, "/spend/models?user_id=ines", as: .olaf).status == 403)
            let keys = await office.send(.get, "/spend/keys", as: .olaf).json.array ?? []
            #expect(keys.compactMap { $0["token"]?.string } == [World.hash("olaf").hex])
            let spent = dollars(BookedCalls.spend { $0.caller.key == World.hash("olaf") })
            #expect(keys.first?["total_spend"]?.spelling == spent)
            let users = await office.send(.get, "/spend/users", as: .olaf).json.array ?? []
            #expect(users.compactMap { $0["user_id"]?.string } == ["olaf"])
            #expect(await office.send(.get, "/spend/users?user_id=ines", as: .olaf).status == 403)
            let all = await office.send(.get, "/spend/users", as: .wim).json.array ?? []
            #expect(Set(all.compactMap { $0["user_id"]?.string }) == ["ines", "vera", "olaf"])
            #expect(await office.send(.get, "/spend/users?user_id=vera", as: .ines).json.array?.count == 1)
        }
    }

    @Test func `a key with the permission may ask about everybody`() async throws {
        try await withLedger { office in
            #expect(await office.send(.get, "/global/spend", as: .olaf).status == 401)
            var caller = ManagementCaller.olaf
            caller.permissions = ["get_spend_routes": true]
            #expect(await office.send(.get, "/global/spend", as: caller).status == 200)
        }
    }

    // The chapter's way to ask

    @Test func `a user asks what they have spent`() async throws {
        try await withLedger { office in
            let reply = await office.send(.get, "/user/spend", as: .olaf)
            #expect(reply["total_spend"]?.spelling == dollars(BookedCalls.spend { $0.caller.userID == "olaf" }))
            #expect(await office.send(.get, "/v1/user/spend", as: .olaf).status == 200)
        }
    }

    // Reset

    @Test func `a reset begins budgets anew and keeps the ledger`() async throws {
        try await withLedger { office in
            #expect(await office.send(.post, "/global/spend/reset", as: .ada).status == 401)
            let reply = await office.send(.post, "/global/spend/reset")
            #expect(reply["status"]?.string == "success")
            for name in World.users {
                let info = await office.send(.get, "/key/info?key=\(World.key(name))")["info"]
                #expect(info?["spend"]?.spelling == "0.0")
            }
            #expect(await office.send(.get, "/team/info?team_id=search")["team_info"]?["spend"]?.spelling == "0.0")
            #expect(await office.send(.get, "/global/spend")["total_spend"]?.spelling == dollars(BookedCalls.spend()))
            let audit = try await office.audit()
            #expect(audit.allSatisfy { $0.action == "reset" })
            #expect(audit.filter { $0.kind == .key }.count == 7)
        }
    }
}
