import CPostgreSQL

/// A connection to a server, used by one thread at a time.
///
/// Every function waits for the server, on the thread that calls it, and never beyond `deadline`: a server that is
/// stopped or out of reach gives `timedOut`. After that, or when the connection broke, it is of no further use.
///
/// Statements are prepared once and kept by their text. Parameters are `$1`, `$2`, ...
package final class PostgresConnection {
    /// When waiting ends.
    package var deadline: ContinuousClock.Instant
    /// The connection is lost or in the middle of an answer: it can only be given up.
    package private(set) var isBroken = false
    /// The first error since the last `begin`.
    package private(set) var failure: PostgresError?
    let socketGuard: SocketGuard

    private let handle: OpaquePointer
    private var statements: StatementCache
    private var parameters = ParameterBuffer()

    /// Takes over a connection that is made.
    init(_ handle: OpaquePointer, statementLimit: Int, deadline: ContinuousClock.Instant) {
        self.handle = handle
        self.deadline = deadline
        self.statements = StatementCache(limit: statementLimit)
        self.socketGuard = SocketGuard(socket: PQsocket(handle))
    }

    deinit {
        // Does not wait: the socket is non-blocking.
        self.socketGuard.forget()
        PQfinish(self.handle)
    }

    /// Runs one statement and gives its rows, all of them in memory.
    package func query(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) -> PostgresRows {
        let isFresh = try self.start(sql, values)
        return try self.noting(sql, isFresh) { () throws(PostgresError) in
            guard let rows = try self.finish() else { throw PostgresError(.other, "the statement is empty") }
            return rows
        }
    }

    /// Runs one statement.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    package func run(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) -> Int {
        try self.query(sql, values).affected
    }

    /// Runs one statement and hands each row on as it comes, of which only a few are in memory.
    ///
    /// `row` says whether it wants the next one; the others are received and dropped. It must not use the connection.
    package func stream(
        _ sql: String,
        _ values: [PostgresValue] = [],
        _ row: (PostgresRow) -> Bool
    ) throws(PostgresError) {
        let isFresh = try self.start(sql, values)
        guard PQsetSingleRowMode(self.handle) == 1 else { throw self.broken() }
        try self.noting(sql, isFresh) { () throws(PostgresError) in
            var isWanted = true
            _ = try self.finish { isWanted = isWanted && row($0) }
        }
    }

    /// Runs statements without parameters, divided by semicolons; their rows are dropped.
    package func execute(_ script: String) throws(PostgresError) {
        guard !self.isBroken else { throw self.note(self.gone) }
        guard !script.utf8.contains(0) else { throw self.note(PostgresError(.other, "a statement contains U+0000")) }
        guard PQsendQuery(self.handle, script) == 1 else { throw self.note(self.broken()) }
        try self.noting(script, true) { () throws(PostgresError) in
            try self.flush()
            _ = try self.finish()
        }
    }

    /// Begins a transaction, and forgets the failures of earlier ones.
    package func begin(_ mode: PostgresTransactionMode = .readWrite) throws(PostgresError) {
        self.failure = nil
        try self.execute(mode.statement)
    }

    /// Makes lasting what the transaction did.
    ///
    /// - Throws: the first failure of the transaction, if one of its statements failed. When the connection breaks here,
    ///   it is not known what became of the transaction.
    package func commit() throws(PostgresError) {
        // The server would answer COMMIT with a rollback, and no error.
        if PQtransactionStatus(self.handle) == PQTRANS_INERROR {
            let failure = self.failure ?? PostgresError(.other, "a statement of the transaction failed")
            try self.execute("ROLLBACK")
            throw failure
        }
        try self.execute("COMMIT")
    }

    /// Gives the transaction up; a connection that cannot even do that is broken.
    package func rollback() {
        guard !self.isBroken, self.isInTransaction else { return }
        let failure = self.failure
        do throws(PostgresError) {
            try self.execute("ROLLBACK")
        } catch {
            self.isBroken = true
        }
        self.failure = failure ?? self.failure
    }

    package var isInTransaction: Bool {
        let status = PQtransactionStatus(self.handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// Whether the connection is of use and the server has not closed it; asks nobody, so that takes no time.
    package var isUsable: Bool {
        guard !self.isBroken, PQstatus(self.handle) == CONNECTION_OK else { return false }
        // An idle server says nothing, or that it goes: words first, then the end, each of which is read by itself.
        while SocketWait.wait(PQsocket(self.handle), for: .read, until: .now) != nil {
            guard PQconsumeInput(self.handle) == 1, PQstatus(self.handle) == CONNECTION_OK else { return false }
        }
        return true
    }

    /// The number of the server's process that serves this connection.
    package var serverProcess: Int32 { PQbackendPID(self.handle) }

    /// How many statements are prepared and kept.
    package var keptStatements: Int { self.statements.count }
}

// MARK: - One statement

extension PostgresConnection {
    /// Sends a statement, prepared before if it is not yet.
    ///
    /// - Returns: whether it was prepared just now.
    private func start(_ sql: String, _ values: [PostgresValue]) throws(PostgresError) -> Bool {
        guard !self.isBroken else { throw self.note(self.gone) }
        do throws(PostgresError) {
            guard !sql.utf8.contains(0) else { throw PostgresError(.other, "a statement contains U+0000") }
            try self.parameters.fill(values)
            guard self.statements.isKeeping else {
                try self.send { count, values, lengths, formats in
                    PQsendQueryParams(self.handle, sql, count, nil, values, lengths, formats, 1)
                }
                return true
            }
            let kept = self.statements.name(of: sql)
            let name: String
            if let kept { name = kept } else { name = try self.prepare(sql) }
            try self.send { count, values, lengths, formats in
                PQsendQueryPrepared(self.handle, name, count, values, lengths, formats, 1)
            }
            return kept == nil
        } catch {
            throw self.note(error)
        }
    }

    private func send(
        _ call: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Int32
    ) throws(PostgresError) {
        guard self.parameters.withPointers(call) == 1 else { throw self.broken() }
        try self.flush()
    }

    private func prepare(_ sql: String) throws(PostgresError) -> String {
        if let old = self.statements.makeRoom() { try self.execute("DEALLOCATE \(old)") }
        let name = self.statements.makeName()
        guard PQsendPrepare(self.handle, name, sql, 0, nil) == 1 else { throw self.broken() }
        try self.flush()
        _ = try self.finish()
        self.statements.insert(name, text: sql)
        return name
    }

    /// Sends what libpq holds back, and reads meanwhile: a server that waits for us to read would not read itself.
    private func flush() throws(PostgresError) {
        while true {
            switch PQflush(self.handle) {
            case 0: return
            case 1:
                if try self.wait(for: [.read, .write]).contains(.read), PQconsumeInput(self.handle) == 0 {
                    throw self.broken()
                }
            default: throw self.broken()
            }
        }
    }

    /// Reads all results of what was sent, so that the connection is free for the next.
    ///
    /// - Returns: the last result's rows, without those that went to `row`; nil when nothing was run.
    /// - Throws: the first error among the results.
    private func finish(_ row: (PostgresRow) -> Void = { _ in }) throws(PostgresError) -> PostgresRows? {
        var failure: PostgresError?
        var last: PostgresRows?
        while let result = try self.nextResult() {
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE:
                row(PostgresRows(result)[0])
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                last = PostgresRows(result)
            case PGRES_EMPTY_QUERY:
                PQclear(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                self.isBroken = true
                throw PostgresError(.other, "COPY is not supported")
            default:
                failure = failure ?? PostgresError(result: result, connection: self.handle)
                PQclear(result)
            }
        }
        if PQstatus(self.handle) != CONNECTION_OK { self.isBroken = true }
        if let failure { throw failure }
        return last
    }

    private func nextResult() throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(self.handle) == 1 {
            try self.wait(for: .read)
            // The result that PQgetResult then makes says what is wrong.
            if PQconsumeInput(self.handle) == 0 { break }
        }
        return PQgetResult(self.handle)
    }

    @discardableResult
    private func wait(for events: SocketWait.Events) throws(PostgresError) -> SocketWait.Events {
        guard let found = SocketWait.wait(PQsocket(self.handle), for: events, until: self.deadline) else {
            self.isBroken = true
            throw PostgresError(.timedOut, "the server did not answer in time")
        }
        return found
    }
}

// MARK: - Failures

extension PostgresConnection {
    private var gone: PostgresError { PostgresError(.unreachable, "the connection is lost") }

    private func broken() -> PostgresError {
        self.isBroken = true
        return PostgresError(result: nil, connection: self.handle)
    }

    /// Keeps the transaction's first failure.
    private func note(_ error: PostgresError) -> PostgresError {
        if self.failure == nil { self.failure = error }
        // A server that only reads, or is about to stop, is of no use though the connection stands.
        if error.kind == .unreachable { self.isBroken = true }
        return error
    }

    /// `isFresh`: whether the statement was prepared just now, so that it cannot be stale.
    private func noting<Result>(
        _ sql: String,
        _ isFresh: Bool,
        _ body: () throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        do throws(PostgresError) {
            return try body()
        } catch {
            var error = error
            if error.kind == .staleStatement {
                if isFresh { error.kind = .other } else { self.statements.remove(text: sql) }
            }
            throw self.note(error)
        }
    }
}
