/// Where the two databases' SQL differs.
///
/// All else is written once: both know `ON CONFLICT` and `RETURNING`, and placeholders are `?`, each used once and
/// counted from the left (PostgreSQL's session rewrites them; no statement of ours has a `?` in a literal).
package enum SQLDialect: String, Sendable, CaseIterable {
    /// 3.35 or later.
    case sqlite
    /// 12 or later.
    case postgres

    /// The type as a column's definition spells it.
    func definition(of type: SQLType) -> String {
        switch (self, type) {
        case (_, .integer): "BIGINT"
        case (.sqlite, .text): "TEXT"
        // Sorted by bytes as in SQLite, whatever the database's locale.
        case (.postgres, .text): "TEXT COLLATE \"C\""
        case (.sqlite, .blob): "BLOB"
        case (.postgres, .blob): "BYTEA"
        }
    }

    /// The definition of a key that numbers rows in the order they were inserted, never using a number again.
    var ascendingKey: String {
        switch self {
        case .sqlite: "INTEGER PRIMARY KEY AUTOINCREMENT"
        case .postgres: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        }
    }

    /// What follows the definition of a table whose rows are small and found by their key alone.
    var clusteredByKey: String {
        switch self {
        case .sqlite: "WITHOUT ROWID"
        case .postgres: ""
        }
    }

    /// A condition that holds when `column` (text) is one of a JSON array of strings, which is its one parameter.
    func isAmong(_ column: String) -> String {
        switch self {
        case .sqlite: "\(column) IN (SELECT value FROM json_each(?))"
        case .postgres: "\(column) IN (SELECT json_array_elements_text(CAST(? AS JSON)))"
        }
    }
}
