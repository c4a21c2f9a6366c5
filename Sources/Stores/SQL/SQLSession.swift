package import Domain

/// A connection inside a transaction, for as long as the closure that was given it runs.
///
/// Not `Sendable`: it stays on the thread that the closure runs on. Every function throws `StoreError`:
/// - `duplicate` for a violated unique constraint, the detail naming the constraint or its columns,
/// - `inUse` for a violated foreign key,
/// - `unavailable` when the connection broke, or a lock or an answer did not come in time,
/// - `corrupt` when the database says that it is damaged,
/// - `refused` for everything else.
///
/// After an error the transaction can only be given up: let the error pass.
/// Statements may be prepared and kept by their text; an implementation bounds how many.
/// Row closures must not use the session.
package protocol SQLSession {
    var dialect: SQLDialect { get }

    /// Runs definitions (DDL) that take no parameters; several may stand in one text, divided by semicolons.
    func define(_ sql: String) throws(StoreError)

    /// Runs one statement that gives no rows.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> Int

    /// Runs one statement and hands its rows on in their order; the result as a whole may be held meanwhile.
    func query(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError)

    /// As `query`, for results too large to be held: a bounded number of rows is in memory at any time.
    func stream(
        _ sql: String,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError)

    /// Inserts rows in their order.
    ///
    /// `values` are the rows' values one after the other, `insert.columns.count` a row. `row` is given the columns of
    /// `insert.returning` for each row that was inserted or updated, in no particular order.
    ///
    /// - Returns: how many rows were inserted or updated.
    @discardableResult
    func insert(
        _ insert: SQLInsert,
        _ values: [SQLValue],
        _ row: (any SQLRow) throws(StoreError) -> Void
    ) throws(StoreError) -> Int
}

extension SQLSession {
    @discardableResult
    func run(_ sql: String) throws(StoreError) -> Int {
        try self.run(sql, [])
    }

    @discardableResult
    func insert(_ insert: SQLInsert, _ values: [SQLValue]) throws(StoreError) -> Int {
        try self.insert(insert, values) { (_: any SQLRow) throws(StoreError) in }
    }

    /// What `read` makes of each row.
    func all<Element>(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ read: (any SQLRow) throws(StoreError) -> Element
    ) throws(StoreError) -> [Element] {
        var elements: [Element] = []
        try self.query(sql, values) { (row: any SQLRow) throws(StoreError) in
            elements.append(try read(row))
        }
        return elements
    }

    /// What `read` makes of the first row; nil when there is none.
    func first<Element>(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ read: (any SQLRow) throws(StoreError) -> Element
    ) throws(StoreError) -> Element? {
        var element: Element?
        try self.query(sql, values) { (row: any SQLRow) throws(StoreError) in
            if element == nil { element = try read(row) }
        }
        return element
    }

    /// The first column of the first row; nil when there is no row or it is NULL.
    func integer(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Int64? {
        try self.first(sql, values) { $0.integerIfAny(0) } ?? nil
    }

    /// Waits until no other transaction holds `lock`, and holds it until this one ends.
    ///
    /// SQLite has one writer at a time anyhow.
    func take(_ lock: SQLLock) throws(StoreError) {
        guard self.dialect == .postgres else { return }
        try self.query("SELECT pg_advisory_xact_lock(CAST(? AS BIGINT))", [.integer(lock.number)]) {
            (_: any SQLRow) throws(StoreError) in
        }
    }
}

/// What transactions wait for each other at, apart from rows.
enum SQLLock: Int64 {
    case schema = 1
    /// Changes of records: revisions are seen in their order.
    case records
    /// The ledger's sums.
    case sums
    /// The partitions of the ledger.
    case partitions

    /// Far from the numbers that others who use the same database may take: `martlet` in hexadecimal digits, in front.
    var number: Int64 { 0x6d61_7274_6c65_0000 | self.rawValue }
}
