/// An insertion of many rows.
///
/// SQLite runs it once per row inside the transaction, PostgreSQL once for all of them with an array per column.
package struct SQLInsert: Sendable {
    package struct Column: Sendable {
        package var name: String
        package var type: SQLType

        package init(_ name: String, _ type: SQLType) {
            self.name = name
            self.type = type
        }
    }

    package let table: String
    package let columns: [Column]
    /// `ON CONFLICT ...`, or empty.
    ///
    /// With `DO UPDATE` no two rows of one call may conflict with each other: PostgreSQL refuses that.
    package let onConflict: String
    /// Columns, or empty.
    package let returning: [String]
    private let sqlite: String
    private let postgres: String

    package init(table: String, columns: [Column], onConflict: String = "", returning: [String] = []) {
        self.table = table
        self.columns = columns
        self.onConflict = onConflict
        self.returning = returning
        let head = "INSERT INTO \(table) (\(columns.map(\.name).joined(separator: ", ")))"
        let tail = " \(onConflict)" + (returning.isEmpty ? "" : " RETURNING \(returning.joined(separator: ", "))")
        self.sqlite = "\(head) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))\(tail)"
        let arrays = columns.map { column in
            switch column.type {
            case .integer: "CAST(? AS BIGINT[])"
            case .text: "CAST(? AS TEXT[])"
            case .blob: "CAST(? AS BYTEA[])"
            }
        }
        self.postgres = "\(head) SELECT * FROM unnest(\(arrays.joined(separator: ", ")))\(tail)"
    }

    /// The statement: for SQLite with a placeholder per column and row, for PostgreSQL with one per column that takes
    /// an array of all rows' values.
    package func text(_ dialect: SQLDialect) -> String {
        switch dialect {
        case .sqlite: self.sqlite
        case .postgres: self.postgres
        }
    }
}
