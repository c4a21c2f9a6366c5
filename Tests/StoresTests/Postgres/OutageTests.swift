import Domain
import PostgresClient
import Stores
import TestSupport
import Testing

@Suite struct OutageTests {
    /// Asks until the store answers, which it must without anybody's help.
    private static func waitForAnswer(_ store: SQLStore) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while await failure({ () throws(StoreError) in try await store.ping() }) != nil {
            try #require(ContinuousClock.now < deadline, "the store does not come back")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test func aConnectionKilledInTheMiddleIsUnavailableAndRecovers() async throws {
        try await withDatabase(.postgres) { database in
            let store = try await database.prepared()
            try await store.insert(User(id: "anna"))
            let killed = try database.database()
            let end = await failure { () throws(StoreError) in
                try await killed.write { (session: any SQLSession) throws(StoreError) in
                    _ = try session.run(
                        "INSERT INTO users SELECT 'bob', alias, user_id, team_id, organization_id, search, document, version, created_at, updated_at FROM users",
                        []
                    )
                    // Every attempt is killed, so that repetition does not help.
                    _ = try session.run("SELECT pg_terminate_backend(pg_backend_pid())", [])
                }
            }
            #expect(end == .unavailable)
            #expect(try await database.integers("SELECT COUNT(*) FROM users") == [1])
            try await Self.waitForAnswer(SQLStore(killed, clock: FixedClock()))
        }
    }

    /// A transaction whose connection breaks before the commit is made again by itself.
    @Test func killedIdleConnectionsAreNotNoticed() async throws {
        try await withDatabase(.postgres) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 8)
            for _ in 0..<4 {
                try await database.run(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE pid <> pg_backend_pid() AND datname = current_database()
                    """
                )
                #expect(try await store.book(source.records(20)) == 20)
            }
            #expect(try await store.verifySums() == [])
        }
    }

    @Test func aServerThatWasAwayIsFoundAgain() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let name = try server.makeDatabase()
        var options = PostgresOptions(try PostgresURL(server.url(database: name)))
        options.size = 2
        let store = SQLStore(PostgresDatabase(options), clock: FixedClock())
        try await store.prepare()
        var source = RandomCalls(seed: 9)
        let records = source.records(100)
        try await store.book(Array(records.prefix(50)))
        server.interrupt()
        for _ in 0..<3 {
            #expect(await failure { () throws(StoreError) in try await store.book(records) } == .unavailable)
            #expect(await failure { () throws(StoreError) in try await store.insert(User(id: "x")) } == .unavailable)
            #expect(await failure { () throws(StoreError) in try await store.changes(after: 0) } == .unavailable)
        }
        try server.start()
        try await Self.waitForAnswer(store)
        // What was sent when the server went may have been booked or not, so how many are new is not known.
        try await store.book(records)
        #expect(try await store.book(records) == 0)
        #expect(try await store.callVolume().records == 100)
        #expect(try await store.verifySums() == [])
        await store.close()
    }

    @Test func nobodyListeningIsUnavailable() async throws {
        let store = SQLStore(
            PostgresDatabase(PostgresOptions(try PostgresURL("postgresql://nobody:secret@127.0.0.1:1/none"))),
            clock: FixedClock()
        )
        #expect(await failure { () throws(StoreError) in try await store.prepare() } == .unavailable)
        await store.close()
        #expect(await failure { () throws(StoreError) in try await store.ping() } == .unavailable)
    }

    @Test func aWrongPasswordIsUnavailableAndNotShown() async throws {
        let server = try PostgresServer.shared()
        let url = "postgresql://martlet:not-the-password@127.0.0.1:\(server.port)/postgres"
        let store = SQLStore(PostgresDatabase(PostgresOptions(try PostgresURL(url))), clock: FixedClock())
        do throws(StoreError) {
            try await store.ping()
            Issue.record("a wrong password was taken")
        } catch {
            #expect(error.kind == .unavailable)
            #expect(!error.detail.contains("not-the-password"))
        }
        await store.close()
    }
}
