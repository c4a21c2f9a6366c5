import Domain
import Stores
import Testing

@Suite struct MigrationTests {
    @Test(arguments: Backend.allCases) func migratesOnceHoweverOftenItIsAsked(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(User(id: "anna"))
            try await store.prepare()
            try await database.prepared().ping()
            #expect(try await database.integers("SELECT number FROM schema_migrations ORDER BY number") == [1, 2])
            #expect(try await store.find(User.self, id: "anna")?.version == 1)
        }
    }

    @Test(arguments: Backend.allCases) func migratesWhenSeveralReplicasStartAtOnce(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    let store = try database.store()
                    group.addTask { try await store.prepare() }
                }
                try await group.waitForAll()
            }
            #expect(try await database.integers("SELECT number FROM schema_migrations ORDER BY number") == [1, 2])
        }
    }

    @Test(arguments: Backend.allCases) func refusesTheSchemaOfALaterVersion(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await database.run("INSERT INTO schema_migrations (number, name, applied_at) VALUES (99, 'later', 0)")
            #expect(await failure { () throws(StoreError) in try await store.prepare() } == .refused)
        }
    }

    /// No record refers to another by a constraint; a table of somebody else's may.
    @Test(arguments: Backend.allCases) func tellsViolatedConstraintsApart(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            try await database.run("CREATE TABLE parents (id BIGINT PRIMARY KEY)")
            try await database.run("CREATE TABLE children (id BIGINT REFERENCES parents (id))")
            try await database.run("INSERT INTO parents (id) VALUES (1)")
            try await database.run("INSERT INTO children (id) VALUES (1)")
            func kind(_ sql: String) async -> StoreError.Kind? {
                do {
                    try await database.run(sql)
                    return nil
                } catch {
                    return (error as? StoreError)?.kind
                }
            }
            #expect(await kind("DELETE FROM parents") == .inUse)
            #expect(await kind("INSERT INTO parents (id) VALUES (1)") == .duplicate)
            #expect(await kind("SELECT nothing FROM nowhere") == .refused)
            #expect(try await database.integers("SELECT id FROM children") == [1])
        }
    }
}
