import Domain
import Testing
import WireFormats

@testable import Admin

/// `/audit`: who changed what.
@Suite struct AuditRouteTests {
    private func ids(_ reply: Reply) -> [String] {
        (reply["audit_logs"]?.array ?? []).compactMap { $0["object_id"]?.string }
    }

    /// Six changes by two people over six hours.
    private func change(_ office: Office) async {
        for (index, name) in ["a", "b", "c", "d"].enumerated() {
            office.clock.advance(seconds: 3600)
            _ = await office.send(.post, "/tag/new", #"{"name":"\#(name)"}"#, as: index % 2 == 0 ? .master : .ada)
        }
        office.clock.advance(seconds: 3600)
        _ = await office.send(.post, "/budget/update", #"{"budget_id":"shared","max_budget":2}"#, as: .ada)
        office.clock.advance(seconds: 3600)
        _ = await office.send(.post, "/tag/delete", #"{"name":"a"}"#)
    }

    @Test func `filters find their changes, the newest first`() async throws {
        try await withOffice { office in
            await self.change(office)
            let questions: [(String, [String])] = [
                ("", ["a", "shared", "d", "c", "b", "a"]), ("changed_by=ada", ["shared", "d", "b"]),
                ("changed_by=default_user_id", ["a", "c", "a"]), ("action=deleted", ["a"]),
                ("action=created", ["d", "c", "b", "a"]), ("object_id=a", ["a", "a"]),
                ("table_name=LiteLLM_BudgetTable", ["shared"]), ("table_name=tag&action=deleted", ["a"]),
                ("changed_by_api_key=\(World.key("ada"))", ["shared", "d", "b"]),
                ("changed_by_api_key=\(World.hash("ada").hex)", ["shared", "d", "b"]),
                ("start_date=2026-09-22", []), ("end_date=2026-09-20", []),
                ("start_date=2026-09-21&end_date=2026-09-21", ["a", "shared", "d", "c", "b", "a"]),
                ("start_date=2026-09-21T17:30:00Z", ["a", "shared", "d"]),
            ]
            for (query, expected) in questions {
                #expect(self.ids(await office.send(.get, "/audit?\(query)")) == expected, "\(query)")
            }
        }
    }

    @Test func `pages`() async throws {
        try await withOffice { office in
            await self.change(office)
            let page = await office.send(.get, "/audit?page=2&page_size=4")
            #expect(self.ids(page) == ["b", "a"])
            #expect(page["total"]?.integer == 6 && page["total_pages"]?.integer == 2 && page["page"]?.integer == 2)
            for query in [
                "page=0", "page_size=1000", "table_name=secrets", "start_date=2026-09-22&end_date=2026-09-21",
            ] {
                #expect(await office.send(.get, "/audit?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `one change with what was before and after`() async throws {
        try await withOffice { office in
            await self.change(office)
            let row = await office.send(.get, "/audit?table_name=budget")["audit_logs"]?.array?.first
            let id = try #require(row?["id"]?.string)
            let one = await office.send(.get, "/audit/\(id)")
            #expect(one.json == row)
            #expect(one["table_name"]?.string == "LiteLLM_BudgetTable" && one["object_type"]?.string == "budget")
            #expect(one["before_value"]?["max_budget"] == .null)
            #expect(one["updated_values"]?["max_budget"]?.spelling == "2.0")
            #expect(one["changed_by_api_key"]?.string == World.hash("ada").hex)
            #expect(await office.send(.get, "/audit/none").status == 404)
            #expect(await office.send(.get, "/audit/%27%20OR%201=1%20--").status == 404)
        }
    }

    @Test func `users see none of it`() async throws {
        try await withOffice { office in
            for caller in [ManagementCaller.olaf, .ines, .vera, .keyOnly] {
                #expect([401, 403].contains(await office.send(.get, "/audit", as: caller).status))
                #expect([401, 403].contains(await office.send(.get, "/audit/none", as: caller).status))
            }
            #expect(await office.send(.get, "/audit", as: .wim).status == 200)
        }
    }
}
