import Domain
import GRDB
import GRDBSQLite

/// A connection of GRDB's inside a transaction, its statements stepped through SQLite's own functions.
///
/// GRDB opens, queues, begins and commits, and keeps prepared statements. Its rows and arguments are passed by: they
/// box every value, which for a ledger's record of fifty columns costs more than SQLite's insertion does.
struct SQLiteSession: SQLSession {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) {
        self.database = database
    }

    var dialect: SQLDialect { .sqlite }

    func define(_ sql: String) throws(StoreError) {
        do {
            try self.database.execute(sql: sql)
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> Int {
        try self.query(sql, values) { (_: any SQLRow) throws(StoreError) in }
        return self.database.changesCount
    }

    func query(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        let kept = try self.statement(sql)
        let statement = kept.sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try self.bind(values, to: statement)
        try self.step(statement, row)
        withExtendedLifetime(kept) {}
    }

    func stream(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        try self.query(sql, values, row)
    }

    func insert(
        _ insert: SQLInsert,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        let kept = try self.statement(insert.text(.sqlite))
        let statement = kept.sqliteStatement
        let width = insert.columns.count
        var changed = 0
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for start in stride(from: 0, to: values.count, by: width) {
            try self.bind(values[start..<min(start + width, values.count)], to: statement)
            try self.step(statement, row)
            changed += self.database.changesCount
            sqlite3_reset(statement)
        }
        withExtendedLifetime(kept) {}
        return changed
    }

    private func statement(_ sql: String) throws(StoreError) -> Statement {
        do {
            return try self.database.cachedStatement(sql: sql)
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    private func step(
        _ statement: OpaquePointer,
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_DONE: return
            case SQLITE_ROW: try row(SQLiteRow(statement: statement))
            default: throw self.lastError
            }
        }
    }

    private func bind(_ values: some Collection<SQLValue>, to statement: OpaquePointer) throws(StoreError) {
        guard values.count == sqlite3_bind_parameter_count(statement) else {
            throw StoreError(.refused, "a statement has another number of placeholders than values")
        }
        var index: Int32 = 0
        for value in values {
            index += 1
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement, index)
            case .integer(let number): code = sqlite3_bind_int64(statement, index, number)
            case .text(let text): code = Self.bind(text, at: index, of: statement)
            case .blob(let bytes):
                code = bytes.withUnsafeBytes {
                    // A null pointer would be NULL, not an empty blob.
                    $0.isEmpty
                        ? sqlite3_bind_zeroblob(statement, index, 0)
                        : sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), transient)
                }
            }
            guard code == SQLITE_OK else { throw self.lastError }
        }
    }

    private static func bind(_ text: String, at index: Int32, of statement: OpaquePointer) -> Int32 {
        var text = SQLValue.storable(text)
        return text.withUTF8 { bytes in
            // A null pointer would be NULL, not an empty text.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_text(statement, index, "", 0, transient)
            }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(statement, index, $0, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
            }
        }
    }

    private var lastError: StoreError {
        guard let connection = self.database.sqliteConnection else {
            return StoreError(.unavailable, "the database is closed")
        }
        let message = sqlite3_errmsg(connection).map { String(cString: $0) } ?? "no message"
        return StoreError(sqlite: sqlite3_extended_errcode(connection), message)
    }
}

/// `SQLITE_TRANSIENT`, a cast in C that Swift does not import: SQLite copies what is bound.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
