package import Domain
import GRDB
import Glibc
import NIOPosix
import Synchronization

/// An SQLite database file: many readers, one writer, write-ahead log.
///
/// It is opened by the first call, and again by a later call when that failed. GRDB runs what it is given on queues of
/// its own, so no call blocks an event loop or one of Swift's threads.
package final class SQLiteDatabase: SQLDatabase {
    package let location: SQLiteLocation
    private let busySeconds: Int
    private let pool = Mutex<DatabasePool?>(nil)
    /// Held while the file is opened, by threads of the pool for blocking calls only.
    private let opening = Mutex<Void>(())

    package var dialect: SQLDialect { .sqlite }

    /// `busySeconds`: how long a call waits for another process that writes.
    package init(_ location: SQLiteLocation, busySeconds: Int = 5) {
        self.location = location
        self.busySeconds = busySeconds
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let pool = try await self.opened()
        do {
            return try await pool.read { try body(SQLiteSession($0)) }
        } catch {
            throw self.failed(error)
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let pool = try await self.opened()
        do {
            return try await pool.write { try body(SQLiteSession($0)) }
        } catch {
            throw self.failed(error)
        }
    }

    /// Closes the file; a later call opens it again.
    package func close() async {
        guard let pool = self.pool.withLock({ $0.take() }) else { return }
        // A pool that cannot be closed (a read goes on) is closed when the last one lets go of it.
        _ = try? await NIOThreadPool.singleton.runIfActive { try pool.close() }
    }

    private func opened() async throws(StoreError) -> DatabasePool {
        if let pool = self.pool.withLock({ $0 }) { return pool }
        do {
            return try await NIOThreadPool.singleton.runIfActive { try self.open() }
        } catch {
            throw StoreError(sqlite: error)
        }
    }

    /// Blocks.
    private func open() throws(StoreError) -> DatabasePool {
        try self.opening.withLock { (_) throws(StoreError) in
            if let pool = self.pool.withLock({ $0 }) { return pool }
            try self.makeFile()
            do {
                let pool = try DatabasePool(path: self.location.path, configuration: self.configuration)
                self.pool.withLock { $0 = pool }
                return pool
            } catch {
                throw StoreError(sqlite: error)
            }
        }
    }

    /// Makes a missing file, readable by its owner only; SQLite gives its companions the same mode.
    private func makeFile() throws(StoreError) {
        var status = stat()
        guard stat(self.location.directory, &status) == 0 else {
            throw StoreError(.refused, "the database's directory does not exist: \(self.location.directory)")
        }
        let file = Glibc.open(self.location.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError(.unavailable, "cannot open the database \(self.location.path): \(reason)")
        }
        Glibc.close(file)
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "martlet.store"
        configuration.busyMode = .timeout(Double(self.busySeconds))
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // KiB when negative. The ledger's indexes are written all over: pages that stay in memory are not read
            // anew for every batch.
            try database.execute(sql: "PRAGMA cache_size = \(database.configuration.readonly ? -8_000 : -64_000)")
            guard !database.configuration.readonly else { return }
            // Pages. A batch of the ledger changes about a thousand, the default.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    /// What `error` is to a caller; forgets the pool when its file can no longer be worked with.
    private func failed(_ error: any Error) -> StoreError {
        if let error = error as? StoreError { return error }
        let code = (error as? DatabaseError)?.resultCode
        let isLost = [.SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_NOTADB, .SQLITE_MISUSE].contains(code)
        if isLost { self.pool.withLock { $0 = nil } }
        return StoreError(sqlite: error)
    }
}
