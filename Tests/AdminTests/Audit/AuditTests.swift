import Domain
import NIOCore
import Testing
import WireFormats

@testable import Admin

@Suite struct AuditTests {
    @Test func `every change is written down with what was and what is`() async throws {
        try await withOffice { office in
            for route in office.management.routes where SampleRequests.changes(route.key) {
                try await Self.check(route)
            }
        }
    }

    private static func check(_ route: Route) async throws {
        try await withOffice { office in
            // So that the sample takes it back.
            if route.key.path.hasSuffix("/unblock") {
                let block = route.key.path.replacing("/unblock", with: "/block")
                let sample = SampleRequests.sample(RouteKey(.post, block), for: .admin)
                _ = await office.send(.post, block, sample.body)
            }
            let earlier = try await office.audit().count
            office.clock.advance(seconds: 1)
            let sample = SampleRequests.sample(route.key, for: .admin)
            let reply = await office.send(route.key.method, sample.target, sample.body, as: .ada)
            #expect(reply.isGranted, "\(route.key): \(reply.text)")
            let entries = try await office.audit().filter { $0.at == office.clock.now }
            let all = try await office.audit().count
            #expect(!entries.isEmpty, "\(route.key) leaves no trace")
            #expect(all == earlier + entries.count)
            for entry in entries { self.check(entry, "\(route.key): \(entry)") }
            let secret = reply["key"]?.string ?? "sk-none"
            #expect(!entries.contains { ($0.before ?? "").contains(secret) || ($0.after ?? "").contains(secret) })
        }
    }

    private static func check(_ entry: AuditEntry, _ context: String) {
        #expect(entry.actor == "ada", "\(context)")
        #expect(entry.actorKey == World.hash("ada"), "\(context)")
        #expect(entry.origin == "192.0.2.1", "\(context)")
        #expect(!entry.object.isEmpty, "\(context)")
        switch entry.action {
        case "created": #expect(entry.before == nil && entry.after != nil, "\(context)")
        case "deleted": #expect(entry.before != nil && entry.after == nil, "\(context)")
        case "updated", "blocked", "unblocked":
            #expect(entry.before != nil && entry.after != nil && entry.before != entry.after, "\(context)")
        default: #expect(["regenerated", "reset"].contains(entry.action), "\(context)")
        }
    }

    @Test func `before and after tell what a change did`() async throws {
        try await withOffice { office in
            _ = await office.send(.post, "/team/update", #"{"team_id":"search","max_budget":7.5}"#, as: .ines)
            let entry = try #require(try await office.audit().first)
            #expect(entry.action == "updated" && entry.kind == .team && entry.object == "search")
            let before = try JSONValue(parsing: ByteBuffer(string: entry.before ?? ""))
            let after = try JSONValue(parsing: ByteBuffer(string: entry.after ?? ""))
            #expect(before["max_budget"]?.isNull == true)
            #expect(after["max_budget"]?.spelling == "7.5")
            #expect(entry.actor == "ines")
        }
    }

    @Test func `what changes nothing is no change`() async throws {
        try await withOffice { office in
            #expect(
                await office.send(.post, "/team/update", #"{"team_id":"search","team_alias":"Search"}"#).status == 200
            )
            #expect(await office.send(.post, "/team/unblock", #"{"team_id":"other"}"#).status == 200)
            let audit = try await office.audit()
            #expect(audit.allSatisfy { $0.object != "search" })
        }
    }
}
