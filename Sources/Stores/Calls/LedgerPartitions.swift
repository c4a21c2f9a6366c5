import Domain
import Synchronization

/// The days that PostgreSQL's ledger is divided into.
///
/// A day's table is made before the first record of the day is booked. SQLite's ledger is one table.
final class LedgerPartitions: Sendable {
    private let known = Mutex<Set<Int64>>([])

    static var millisecondsPerDay: Int64 { 86_400_000 }

    static func day(_ record: CallRecord) -> Int64 { record.finishedAt.milliseconds / Self.millisecondsPerDay }

    static func table(_ day: Int64) -> String { "calls_day_\(day)" }

    /// Makes tables for days that have none.
    func prepare(_ days: Set<Int64>, _ database: any SQLDatabase) async throws(StoreError) {
        guard database.dialect == .postgres else { return }
        let missing = self.known.withLock { days.subtracting($0) }
        guard !missing.isEmpty else { return }
        // In a transaction of its own: the lock that it takes on the ledger is held for no longer than it must be.
        try await database.write { (session: any SQLSession) throws(StoreError) in
            try session.take(.partitions)
            let existing = Set(try session.all("SELECT day FROM call_partitions") { $0.integer(0) })
            for day in missing.subtracting(existing).sorted() { try Self.make(day, session) }
        }
        self.known.withLock { $0.formUnion(missing) }
    }

    /// To be called when another replica may have dropped days.
    func forget() {
        self.known.withLock { $0 = [] }
    }

    /// A table that is attached, unlike one made as a part, lets readers and writers of the others go on.
    private static func make(_ day: Int64, _ session: any SQLSession) throws(StoreError) {
        let start = day * Self.millisecondsPerDay
        try session.define("CREATE TABLE \(Self.table(day)) (LIKE calls INCLUDING ALL)")
        try session.define(
            """
            ALTER TABLE calls ATTACH PARTITION \(Self.table(day))
            FOR VALUES FROM (\(start)) TO (\(start + Self.millisecondsPerDay))
            """
        )
        try session.run("INSERT INTO call_partitions (day) VALUES (?)", [.integer(day)])
    }
}
