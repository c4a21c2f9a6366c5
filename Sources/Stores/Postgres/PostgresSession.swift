import Domain
import PostgresClient

/// A connection of the pool inside a transaction.
struct PostgresSession: SQLSession {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) {
        self.connection = connection
    }

    var dialect: SQLDialect { .postgres }

    func define(_ sql: String) throws(StoreError) {
        do throws(PostgresError) {
            try self.connection.execute(sql)
        } catch {
            throw StoreError(postgres: error)
        }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> Int {
        try self.rows(sql, values.map(PostgresValue.init)).affected
    }

    func query(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        try Self.hand(self.rows(sql, values.map(PostgresValue.init)), to: row)
    }

    func stream(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        var failure: StoreError?
        do throws(PostgresError) {
            try self.connection.stream(Self.numbered(sql), values.map(PostgresValue.init)) { found in
                do throws(StoreError) {
                    try row(PostgresStoreRow(found))
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            throw StoreError(postgres: error)
        }
        if let failure { throw failure }
    }

    func insert(
        _ insert: SQLInsert,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        let width = insert.columns.count
        guard width > 0, values.count.isMultiple(of: width) else {
            throw StoreError(.refused, "rows have another number of values than columns")
        }
        guard !values.isEmpty else { return 0 }
        var arrays: [PostgresValue] = []
        arrays.reserveCapacity(width)
        for (index, column) in insert.columns.enumerated() {
            arrays.append(.array(try Self.array(of: column, from: index, of: values, width)))
        }
        let rows = try self.rows(insert.text(.postgres), arrays)
        try Self.hand(rows, to: row)
        return rows.affected
    }

    private func rows(_ sql: String, _ values: [PostgresValue]) throws(StoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try self.connection.query(Self.numbered(sql), values)
        } catch {
            throw StoreError(postgres: error)
        }
    }

    private static func hand(
        _ rows: PostgresRows,
        to row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) {
        for index in 0..<rows.count { try row(PostgresStoreRow(rows[index])) }
    }

    /// One column's values of all rows.
    private static func array(
        of column: SQLInsert.Column,
        from first: Int,
        of values: [SQLValue],
        _ width: Int
    ) throws(StoreError) -> PostgresArray {
        let element: PostgresArray.Element =
            switch column.type {
            case .integer: .integer
            case .text: .text
            case .blob: .bytes
            }
        var array = PostgresArray(of: element, count: values.count / width)
        for index in stride(from: first, to: values.count, by: width) {
            switch (column.type, values[index]) {
            case (_, .null): array.appendNull()
            case (.integer, .integer(let number)): array.append(number)
            case (.text, .text(let text)): array.append(SQLValue.storable(text))
            case (.blob, .blob(let bytes)): array.append(bytes)
            default: throw StoreError(.refused, "\(column.name) is given a value of another type")
            }
        }
        return array
    }

    /// The statement with `$1`, `$2` and so on for each `?`; none of ours has one in a literal.
    static func numbered(_ sql: String) -> String {
        guard sql.utf8.contains(UInt8(ascii: "?")) else { return sql }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sql.utf8.count + 64)
        var number = 0
        for byte in sql.utf8 {
            if byte == UInt8(ascii: "?") {
                number += 1
                bytes.append(UInt8(ascii: "$"))
                bytes.append(contentsOf: String(number).utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PostgresValue {
    init(_ value: SQLValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let number): .integer(number)
            case .text(let text): .text(SQLValue.storable(text))
            case .blob(let bytes): .bytes(bytes)
            }
    }
}

/// A row of PostgreSQL's as the store reads it.
private struct PostgresStoreRow: SQLRow {
    private let row: PostgresRow

    init(_ row: PostgresRow) {
        self.row = row
    }

    func isNull(_ column: Int) -> Bool { self.row.isNull(column) }
    func integer(_ column: Int) -> Int64 { self.row.integer(column) }
    func text(_ column: Int) -> String { self.row.text(column) }

    func withBytes<Result>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try self.row.withBytes(column, body)
    }
}
