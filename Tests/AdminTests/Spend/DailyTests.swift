import Domain
import Testing
import WireFormats

@testable import Admin

/// Daily activity against the calls that were booked.
@Suite struct DailyTests {
    private static let dates = "start_date=\(BookedCalls.firstDay)&end_date=\(BookedCalls.lastDay)"

    private func check(
        _ office: Office,
        _ target: String,
        as caller: ManagementCaller = .master,
        _ isWanted: (CallRecord) -> Bool
    ) async {
        let reply = await office.send(.get, "\(target)\(target.contains("?") ? "&" : "?")\(Self.dates)", as: caller)
        #expect(reply.status == 200, "\(target): \(reply.text)")
        let metadata = reply["metadata"]
        #expect(metadata?["total_spend"]?.spelling == dollars(BookedCalls.spend(isWanted)), "\(target)")
        #expect(metadata?["total_api_requests"]?.integer == BookedCalls.count(isWanted), "\(target)")
        #expect(metadata?["total_tokens"]?.integer == BookedCalls.tokens(isWanted), "\(target)")
        for row in reply["results"]?.array ?? [] {
            let day = row["date"]?.string
            let spend = BookedCalls.spend { isWanted($0) && BookedCalls.day($0) == day }
            #expect(row["metrics"]?["spend"]?.spelling == dollars(spend), "\(target) \(day ?? "")")
            for model in row["breakdown"]?["models"]?.object?.members ?? [] {
                let part = BookedCalls.spend { call in
                    isWanted(call) && BookedCalls.day(call) == day && (call.modelGroup ?? "unknown") == model.key
                }
                #expect(model.value["metrics"]?["spend"]?.spelling == dollars(part), "\(target) \(model.key)")
            }
        }
    }

    @Test func `totals, days and models are exact, whoever is asked about`() async throws {
        try await withLedger { office in
            await self.check(office, "/user/daily/activity") { _ in true }
            await self.check(office, "/user/daily/activity?user_id=ines") { $0.caller.userID == "ines" }
            await self.check(office, "/user/daily/activity/aggregated?user_id=vera") { $0.caller.userID == "vera" }
            await self.check(office, "/user/daily/activity?api_key=\(World.key("ines"))") { call in
                call.caller.key == World.hash("ines")
            }
            await self.check(office, "/user/daily/activity?model=claude") { $0.modelGroup == "claude" }
            await self.check(office, "/key/daily/activity") { $0.caller.key != nil }
            await self.check(office, "/key/daily/activity?api_keys=\(World.key("ines")),\(World.hash("olaf").hex)") {
                call in
                call.caller.key == World.hash("ines") || call.caller.key == World.hash("olaf")
            }
            await self.check(office, "/team/daily/activity") { $0.caller.teamID != nil }
            await self.check(office, "/team/daily/activity?team_ids=search,other") { $0.caller.teamID == "search" }
            await self.check(office, "/organization/daily/activity") { $0.caller.organizationID != nil }
            await self.check(office, "/customer/daily/activity?end_user_ids=buyer") { $0.caller.endUserID == "buyer" }
            await self.check(office, "/end_user/daily/activity") { $0.caller.endUserID != nil }
            await self.check(office, "/tag/daily/activity?tags=batch") { $0.caller.tags.contains("batch") }
            await self.check(office, "/model/daily/activity?models=gpt-4o") { $0.modelGroup == "gpt-4o" }
        }
    }

    @Test func `entities are told apart, with their aliases`() async throws {
        try await withLedger { office in
            let reply = await office.send(.get, "/key/daily/activity?\(Self.dates)")
            for row in reply["results"]?.array ?? [] {
                let day = row["date"]?.string
                let keys = row["breakdown"]?["api_keys"]?.object?.members ?? []
                #expect(!keys.isEmpty)
                for key in keys {
                    let spend = BookedCalls.spend { BookedCalls.day($0) == day && $0.caller.key?.hex == key.key }
                    #expect(key.value["metrics"]?["spend"]?.spelling == dollars(spend))
                    #expect(key.value["metadata"]?["key_alias"]?.string?.hasSuffix("s") == true)
                }
            }
            let team = await office.send(.get, "/team/daily/activity?\(Self.dates)")["results"]?.array?.first
            #expect(team?["breakdown"]?["entities"]?["search"]?["metadata"]?["team_alias"]?.string == "Search")
        }
    }

    @Test func `pages of days, the newest first`() async throws {
        try await withLedger { office in
            var days: [String] = []
            for page in 1...3 {
                let reply = await office.send(.get, "/user/daily/activity?\(Self.dates)&page_size=2&page=\(page)")
                days += (reply["results"]?.array ?? []).compactMap { $0["date"]?.string }
                #expect(reply["metadata"]?["total_pages"]?.integer == 3)
                #expect(reply["metadata"]?["has_more"]?.bool == (page < 3))
            }
            #expect(days == ["2026-09-21", "2026-09-20", "2026-09-19", "2026-09-18", "2026-09-17"])
            // Without dates it is the last 30 days.
            let usual = await office.send(.get, "/user/daily/activity")
            #expect(usual["metadata"]?["total_api_requests"]?.integer == 240)
            for query in ["page=0", "page_size=101", "start_date=2026-09-20T10:00:00Z", "end_date=x"] {
                #expect(await office.send(.get, "/user/daily/activity?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `a table says the same`() async throws {
        try await withLedger { office in
            let lines = await office.send(.get, "/team/daily/activity?\(Self.dates)&format=csv").text.split(
                separator: "\r\n"
            )
            #expect(lines.first == "\(DailyRow.columns.joined(separator: ","))")
            var spend = NanoDollars.zero
            for line in lines.dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                #expect(cells[1] == "search")
                spend = spend + (NanoDollars(exactly: cells[3]) ?? .zero)
            }
            #expect(spend == BookedCalls.spend { $0.caller.teamID == "search" })
        }
    }

    // Who sees what

    @Test func `everybody sees their own`() async throws {
        try await withLedger { office in
            await self.check(office, "/user/daily/activity", as: .olaf) { $0.caller.userID == "olaf" }
            await self.check(office, "/key/daily/activity", as: .olaf) { $0.caller.key == World.hash("olaf") }
            await self.check(office, "/key/daily/activity", as: .keyOnly) { _ in false }
            await self.check(office, "/team/daily/activity", as: .olaf) { _ in false }
            // A member sees the own part of a team, its admin the whole.
            await self.check(office, "/team/daily/activity", as: .vera) { call in
                call.caller.teamID == "search" && call.caller.userID == "vera"
            }
            await self.check(office, "/team/daily/activity", as: .ines) { $0.caller.teamID == "search" }
            await self.check(office, "/organization/daily/activity", as: .ines) { $0.caller.organizationID == "acme" }
            await self.check(office, "/user/daily/activity?user_id=vera", as: .ines) { $0.caller.userID == "vera" }
        }
    }

    @Test(
        arguments: [
            "/user/daily/activity?user_id=ines", "/user/daily/activity/aggregated?user_id=ines",
            "/user/daily/activity?api_key=\(World.key("ines"))", "/key/daily/activity?api_key=\(World.key("ines"))",
            "/key/daily/activity?api_keys=\(World.key("olaf")),\(World.key("ines"))",
            "/key/daily/activity?api_key=sk-unknown-key", "/team/daily/activity?team_ids=search",
            "/team/daily/activity?team_ids=nothing", "/tag/daily/activity",
            "/organization/daily/activity?organization_ids=acme", "/customer/daily/activity", "/model/daily/activity",
        ]
    )
    func `nobody sees another's`(target: String) async throws {
        try await withLedger { office in
            let reply = await office.send(.get, target, as: .olaf)
            #expect([401, 403].contains(reply.status), "\(reply.text)")
            let table = await office.send(.get, "\(target)\(target.contains("?") ? "&" : "?")format=csv", as: .olaf)
            #expect([401, 403].contains(table.status))
        }
    }
}
