import Domain
import Testing
import WireFormats

@testable import Admin

/// `/spend/logs` and its relatives against the calls that were booked.
@Suite struct LogTests {
    /// The ids of all calls that a question finds, page by page.
    private func ids(_ office: Office, _ query: String, as caller: ManagementCaller = .master) async -> [String] {
        var result: [String] = []
        for page in 1...20 {
            let reply = await office.send(.get, "/spend/logs/v2?page_size=100&page=\(page)&\(query)", as: caller)
            guard reply.status == 200 else {
                Issue.record("\(query): \(reply.text)")
                return result
            }
            let rows = reply["data"]?.array ?? []
            result += rows.compactMap { $0["id"]?.string }
            if page >= reply["total_pages"]?.integer ?? 0 { break }
        }
        return result
    }

    private static let filters: [(String, @Sendable (CallRecord) -> Bool)] = [
        ("", { _ in true }),
        ("api_key=\(World.hash("ines").hex)", { $0.caller.key == World.hash("ines") }),
        ("api_key=\(World.key("vera"))", { $0.caller.key == World.hash("vera") }),
        ("user_id=olaf", { $0.caller.userID == "olaf" }),
        ("team_id=search", { $0.caller.teamID == "search" }),
        ("team=search", { $0.caller.teamID == "search" }),
        ("organization_id=acme", { $0.caller.organizationID == "acme" }),
        ("end_user=buyer", { $0.caller.endUserID == "buyer" }),
        ("model=claude", { $0.modelGroup == "claude" }),
        ("tags=nightly", { $0.caller.tags.contains("nightly") }),
        ("request_id=client-17", { $0.callID == "client-17" }),
        ("status=success", { $0.outcome == .success }),
        ("status=refused", { $0.outcome == .refused }),
        ("status_filter=failure", { $0.outcome == .failure }),
        ("start_date=2026-09-19", { BookedCalls.day($0) >= "2026-09-19" }),
        ("end_date=2026-09-19", { BookedCalls.day($0) <= "2026-09-19" }),
        ("start_date=2026-09-18&end_date=2026-09-19", { ["2026-09-18", "2026-09-19"].contains(BookedCalls.day($0)) }),
        ("user_id=ines&model=gpt-4o&tags=batch&status=success&start_date=2026-09-18", { isMany($0) }),
        ("model=nothing", { _ in false }),
    ]

    private static func isMany(_ call: CallRecord) -> Bool {
        call.caller.userID == "ines" && call.modelGroup == "gpt-4o" && call.caller.tags.contains("batch")
            && call.outcome == .success && BookedCalls.day(call) >= "2026-09-18"
    }

    @Test func `each filter finds its calls, the newest first, and no other`() async throws {
        try await withLedger { office in
            for (query, isWanted) in Self.filters {
                #expect(await self.ids(office, query) == BookedCalls.ids(isWanted), "\(query)")
                #expect(BookedCalls.count(isWanted) > 0 || query == "model=nothing", "\(query) finds nothing to tell")
            }
        }
    }

    @Test func `the moment that is named as the end is included`() async throws {
        try await withLedger { office in
            let call = try #require(BookedCalls.all.first)
            let moment = call.finishedAt.description.replacing(":", with: "%3A")
            #expect(await self.ids(office, "start_date=\(moment)&end_date=\(moment)") == [call.id])
        }
    }

    @Test func `pages follow one another without a gap`() async throws {
        try await withLedger { office in
            var seen: [String] = []
            for page in 1...7 {
                let reply = await office.send(.get, "/spend/logs/ui?page=\(page)&page_size=40")
                #expect(reply["total"]?.integer == 240)
                #expect(reply["total_pages"]?.integer == 6)
                #expect(reply["page"]?.integer == page && reply["page_size"]?.integer == 40)
                seen += (reply["data"]?.array ?? []).compactMap { $0["id"]?.string }
            }
            #expect(seen == BookedCalls.ids())
            let oldest = await office.send(.get, "/spend/logs/v2?sort_order=asc&page_size=3")
            #expect(
                (oldest["data"]?.array ?? []).compactMap { $0["id"]?.string } == BookedCalls.ids().suffix(3).reversed()
            )
        }
    }

    @Test func `a call is told as LiteLLM tells it`() async throws {
        try await withLedger { office in
            let call = try #require(BookedCalls.all.first { $0.caller.teamID != nil && $0.cost.total != nil })
            let reply = await office.send(.get, "/spend/logs?request_id=\(call.callID)")
            let row = try #require(reply.json.array?.first)
            #expect(reply.json.array?.count == 1)
            #expect(row["request_id"]?.string == call.callID)
            #expect(row["spend"]?.spelling == dollars(call.cost.total ?? .zero))
            #expect(row["api_key"]?.string == call.caller.key?.hex ?? "")
            #expect(row["team_id"]?.string == "search")
            #expect(row["prompt_tokens"]?.integer == call.usage.prompt)
            #expect(row["total_tokens"]?.integer == call.usage.total)
            #expect(row["startTime"]?.string == call.startedAt.description)
            #expect(row["request_duration_ms"]?.integer == 1500)
            #expect(row["model_group"]?.string == call.modelGroup)
            #expect(row["status"]?.string == call.outcome.rawValue)
        }
    }

    @Test func `an unknown price is not a price of nothing`() async throws {
        try await withLedger { office in
            let call = try #require(BookedCalls.all.first { $0.cost.total == nil && $0.modelGroup != nil })
            let row = await office.send(.get, "/spend/logs?request_id=\(call.callID)").json.array?.first
            #expect(row?["spend"]?.spelling == "0.0")
            #expect(row?["metadata"]?["cost_breakdown"]?["total_cost"] == .null)
            let table = await office.send(.get, "/spend/logs?format=csv&request_id=\(call.callID)").text
            #expect(table.contains(",\(call.usage.total),,false"))
        }
    }

    // Sums by day

    private func expectedDays(_ isWanted: (CallRecord) -> Bool) -> [String: [String: NanoDollars]] {
        var days: [String: [String: NanoDollars]] = [:]
        for call in BookedCalls.all where isWanted(call) {
            var names = ["spend"]
            if let key = call.caller.key { names.append(key.hex) }
            if let user = call.caller.userID { names.append("users/\(user)") }
            if let model = call.modelGroup { names.append("models/\(model)") }
            for name in names {
                let old = days[BookedCalls.day(call)]?[name] ?? .zero
                days[BookedCalls.day(call), default: [:]][name] = old + (call.cost.total ?? .zero)
            }
        }
        return days
    }

    private func days(_ reply: Reply) -> [String: [String: String]] {
        var days: [String: [String: String]] = [:]
        for row in reply.json.array ?? [] {
            var day: [String: String] = [:]
            for member in row.object?.members ?? [] where member.key != "startTime" {
                if let nested = member.value.object {
                    for inner in nested.members { day["\(member.key)/\(inner.key)"] = inner.value.spelling }
                } else {
                    day[member.key] = member.value.spelling
                }
            }
            days[row["startTime"]?.string ?? ""] = day
        }
        return days
    }

    @Test(
        arguments: [
            "", "&user_id=ines", "&team_id=search", "&model=claude", "&tags=batch", "&api_key=\(World.key("vera"))",
        ]
    )
    func `sums by day are exact`(filter: String) async throws {
        try await withLedger { office in
            let dates = "start_date=\(BookedCalls.firstDay)&end_date=\(BookedCalls.lastDay)"
            let reply = await office.send(.get, "/spend/logs?\(dates)\(filter)")
            let expected = self.expectedDays { call in
                switch filter {
                case "&user_id=ines": call.caller.userID == "ines"
                case "&team_id=search": call.caller.teamID == "search"
                case "&model=claude": call.modelGroup == "claude"
                case "&tags=batch": call.caller.tags.contains("batch")
                case "": true
                default: call.caller.key == World.hash("vera")
                }
            }
            #expect(self.days(reply) == expected.mapValues { $0.mapValues { dollars($0) } })
            #expect((reply.json.array ?? []).compactMap { $0["startTime"]?.string } == expected.keys.sorted())
        }
    }

    @Test func `sums of a part of a day are those of its calls`() async throws {
        try await withLedger { office in
            let start = WallTime(milliseconds: 1_789_948_800_000 + 12_345_678)
            let query = "start_date=\(start.description.replacing(":", with: "%3A"))&end_date=2026-09-21"
            let reply = await office.send(.get, "/spend/logs?\(query)")
            #expect(
                reply.json.array?.first?["spend"]?.spelling == dollars(BookedCalls.spend { $0.finishedAt >= start })
            )
        }
    }

    // What cannot be asked

    @Test(
        arguments: [
            ("page=0", "page"), ("page_size=0", "page_size"), ("page_size=101", "page_size"), ("page=-1", "page"),
            ("status=lost", "status"), ("start_date=yesterday", "start_date"), ("end_date=2026-02-30", "end_date"),
            ("start_date=2026-09-20&end_date=2026-09-19", "end_date"), ("tags=a,b", "tags"), ("format=xml", "format"),
            ("modle=claude", "modle"), ("min_spend=1", "min_spend"), ("sort_order=up", "sort_order"),
        ]
    )
    func `what cannot be is refused by name`(query: String, param: String) async throws {
        try await withOffice { office in
            let reply = await office.send(.get, "/spend/logs/v2?\(query)")
            #expect(reply.status == 400)
            #expect(reply.param == param)
        }
    }

    // Who sees what

    @Test func `users see their own calls, admins of teams and organizations those too`() async throws {
        try await withLedger { office in
            let own = BookedCalls.ids { $0.caller.userID == "olaf" }
            #expect(await self.ids(office, "", as: .olaf) == own)
            #expect(await self.ids(office, "user_id=olaf", as: .olaf) == own)
            #expect(await self.ids(office, "api_key=\(World.key("ines"))", as: .olaf) == [])
            let vera = BookedCalls.ids { $0.caller.userID == "vera" && $0.caller.teamID == "search" }
            #expect(await self.ids(office, "team_id=search", as: .vera) == vera)
            let team = BookedCalls.ids { $0.caller.teamID == "search" }
            #expect(await self.ids(office, "team_id=search", as: .ines) == team)
            let organization = BookedCalls.ids { $0.caller.organizationID == "acme" }
            #expect(await self.ids(office, "organization_id=acme", as: .ines) == organization)
            #expect(await self.ids(office, "", as: .wim) == BookedCalls.ids())
            for target in [
                "/spend/logs?user_id=ines", "/spend/logs/v2?user_id=ines", "/spend/logs?format=csv&user_id=ines",
            ] {
                let reply = await office.send(.get, target, as: .olaf)
                #expect(reply.status == 403 && reply.param == "user_id", "\(target)")
            }
            #expect(await office.send(.get, "/spend/logs", as: .keyOnly).status == 401)
        }
    }

    @Test func `sums by day and tables are narrowed too`() async throws {
        try await withLedger { office in
            let dates = "start_date=\(BookedCalls.firstDay)&end_date=\(BookedCalls.lastDay)"
            let reply = await office.send(.get, "/spend/logs?\(dates)", as: .olaf)
            let expected = self.expectedDays { $0.caller.userID == "olaf" }
            #expect(self.days(reply) == expected.mapValues { $0.mapValues { dollars($0) } })
            let table = await office.send(.get, "/spend/logs?format=csv", as: .olaf)
            let lines = table.text.split(separator: "\r\n")
            #expect(lines.count == 1 + BookedCalls.count { $0.caller.userID == "olaf" })
            #expect(!table.text.contains("ines") && !table.text.contains("vera"))
        }
    }
}
