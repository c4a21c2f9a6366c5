/// One step forward of the schema; once released it is never changed.
struct Migration: Sendable {
    /// Counted from 1 without gaps.
    let number: Int
    let name: String
    let definitions: @Sendable (SQLDialect) -> [String]

    /// All of them, in their order.
    static let all: [Migration] = [
        Migration(number: 1, name: "records") { RecordsSchema.definitions($0) },
        Migration(number: 2, name: "ledger") { LedgerSchema.definitions($0) },
    ]
}
