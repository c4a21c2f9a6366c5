package import Domain

/// The store, over either database.
///
/// Every function may wait for a disk or a network; none blocks the thread that calls it.
package struct SQLStore: Store {
    let database: any SQLDatabase
    let clock: any WallClock
    let partitions = LedgerPartitions()

    /// `clock`: tells when migrations were made.
    package init(_ database: any SQLDatabase, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package var backend: String { self.database.dialect.rawValue }

    package func prepare() async throws(StoreError) {
        let time = self.clock.now
        try await self.database.write { (session: any SQLSession) throws(StoreError) in
            try SchemaMigrator().migrate(session, at: time)
        }
    }

    package func ping() async throws(StoreError) {
        _ = try await self.database.read { (session: any SQLSession) throws(StoreError) in
            try session.integer("SELECT 1")
        }
    }

    package func close() async {
        await self.database.close()
    }
}
