import Domain

/// Brings a database's schema up to date, in one transaction that only one replica at a time can be in.
struct SchemaMigrator: Sendable {
    var migrations = Migration.all

    /// - Throws: `refused` when the database has been brought further than this program knows.
    func migrate(_ session: any SQLSession, at time: WallTime) throws(StoreError) {
        try session.take(.schema)
        let dialect = session.dialect
        try session.define(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number \(dialect.definition(of: .integer)) PRIMARY KEY,
                name \(dialect.definition(of: .text)) NOT NULL,
                applied_at \(dialect.definition(of: .integer)) NOT NULL
            )
            """
        )
        let reached = Int(try session.integer("SELECT MAX(number) FROM schema_migrations") ?? 0)
        let known = self.migrations.last?.number ?? 0
        guard reached <= known else {
            throw StoreError(
                .refused,
                "the database's schema is number \(reached), made by a later version; this one knows up to \(known)"
            )
        }
        for migration in self.migrations where migration.number > reached {
            for definition in migration.definitions(dialect) { try session.define(definition) }
            try session.run(
                "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)",
                [SQLValue(migration.number), .text(migration.name), .integer(time.milliseconds)]
            )
        }
    }
}
