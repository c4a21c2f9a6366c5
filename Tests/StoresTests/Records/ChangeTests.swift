import Domain
import Stores
import Synchronization
import Testing

@Suite struct ChangeTests {
    @Test(arguments: Backend.allCases) func loadsAllAndThenWhatChanged(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            let other = try database.store()
            #expect(try await store.loadAll { _ in }.revision == 0)
            let first = try await store.insert(
                User(id: "anna"),
                User(id: "bob"),
                VirtualKey(1),
                VirtualKey(2),
                Team(id: "red"),
                Budget(id: "b")
            )
            let keys = Mutex<Set<String>>([])
            let records = try await other.loadAll { key in keys.withLock { _ = $0.insert(key.id) } }
            #expect(records.revision == first)
            #expect(records.users.map(\.id) == ["anna", "bob"])
            #expect(records.teams.map(\.id) == ["red"])
            #expect(records.budgets.map(\.id) == ["b"])
            #expect(keys.withLock { $0 } == [VirtualKey(1).id, VirtualKey(2).id])
            let nothing = try await other.changes(after: first)
            #expect(nothing.revision == first && !nothing.needsReload && nothing.deleted.isEmpty)

            var anna = User(id: "anna")
            anna.alias = "Anna"
            let steps: [Mutation.Step] = [
                .update(anna, version: 1), .delete(.user, id: "bob", version: nil), .insert(Tag(id: "t")),
                .delete(.key, id: VirtualKey(1).id, version: 1),
            ]
            let second = try await store.apply(Mutation(steps, audit: []))
            let changes = try await other.changes(after: first)
            #expect(changes.revision == second)
            #expect(changes.changed.users == [anna])
            #expect(changes.changed.tags == [Tag(id: "t")])
            #expect(changes.changed.keys.isEmpty)
            #expect(Set(changes.deleted.map(\.id)) == ["bob", VirtualKey(1).id])
        }
    }

    @Test(arguments: Backend.allCases) func revisionsAreSeenInTheirOrder(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let reader = try await database.prepared()
            var writers: [SQLStore] = []
            for _ in 0..<3 { writers.append(try database.store()) }
            var seen: Set<String> = []
            var revision: Int64 = 0
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, writer) in writers.enumerated() {
                    group.addTask {
                        for number in 0..<20 { try await writer.insert(User(id: "u\(index)-\(number)")) }
                    }
                }
                // A follower that reads all the while misses nobody.
                for _ in 0..<100_000 where seen.count < 60 {
                    let changes = try await reader.changes(after: revision)
                    #expect(changes.revision >= revision && !changes.needsReload)
                    revision = changes.revision
                    seen.formUnion(changes.changed.users.map(\.id))
                }
                try await group.waitForAll()
            }
            #expect(seen.count == 60)
        }
    }

    @Test(arguments: Backend.allCases) func asksForAReloadWhenChangesAreGone(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(User(id: "anna"))
            // Another database's revision, or one from after a backup.
            #expect(try await store.changes(after: 100).needsReload)
            let users = (0..<10_400).map { Mutation.Step.put(User(id: "u\($0 % 50)")) }
            let last = try await store.apply(Mutation(users, audit: []))
            #expect(try await store.changes(after: 1).needsReload)
            let recent = try await store.changes(after: last - 10_000)
            #expect(!recent.needsReload && recent.changed.users.count == 50)
        }
    }

    @Test(arguments: Backend.allCases) func auditIsWrittenWithItsChange(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var entries: [AuditEntry] = []
            for number in 0..<6 {
                var entry = AuditEntry(
                    id: "e\(number)",
                    at: WallTime(milliseconds: Int64(number) * 1000),
                    actor: number.isMultiple(of: 2) ? "anna" : "bob",
                    action: number < 3 ? "created" : "deleted",
                    kind: number == 5 ? .team : .user,
                    object: "u\(number)"
                )
                entry.before = number < 3 ? nil : #"{"a":1}"#
                entry.after = #"{"a":"é"}"#
                entry.actorKey = KeyHash(3)
                entry.origin = "10.0.0.1"
                entries.append(entry)
            }
            try await store.apply(Mutation([.insert(User(id: "u0"))], audit: entries))
            #expect(
                await failure { () throws(StoreError) in
                    let entry = AuditEntry(
                        id: "lost",
                        at: FixedClock().now,
                        actor: "a",
                        action: "created",
                        kind: .user,
                        object: "u0"
                    )
                    try await store.apply(Mutation([.insert(User(id: "u0"))], audit: [entry]))
                } == .duplicate
            )
            func ids(_ change: (inout AuditQuery) -> Void) async throws -> [String] {
                var query = AuditQuery()
                change(&query)
                return try await store.audit(query).items.map(\.id)
            }
            #expect(try await store.audit(AuditQuery()).items == entries.reversed())
            #expect(try await ids { $0.actor = "anna" } == ["e4", "e2", "e0"])
            #expect(try await ids { $0.action = "deleted" } == ["e5", "e4", "e3"])
            #expect(try await ids { $0.kind = .team } == ["e5"])
            #expect(try await ids { $0.object = "u1" } == ["e1"])
            #expect(try await ids { ($0.from, $0.to) = (entries[1].at, entries[3].at) } == ["e2", "e1"])
            #expect(try await ids { ($0.size, $0.page) = (4, 2) } == ["e1", "e0"])
        }
    }
}
