package import Domain

/// A database that runs closures in transactions, off the event loops and Swift's own threads.
///
/// What a closure throws gives the transaction up and is thrown on. When the database cannot be reached, the call
/// throws `unavailable` within a bounded time, and a later call tries to reach it again.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// All statements of `body` see the database at one moment (PostgreSQL: `REPEATABLE READ`, read only).
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result

    /// Commits what `body` did, unless it throws (PostgreSQL: `READ COMMITTED`; SQLite: `BEGIN IMMEDIATE`).
    ///
    /// `body` may be run again from its beginning when the database gave the transaction up for another's sake
    /// (a deadlock, a broken connection before the commit), so it must not change anything outside.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result

    func close() async
}
