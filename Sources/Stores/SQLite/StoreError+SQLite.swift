import Domain
import GRDB
import GRDBSQLite

extension StoreError {
    /// What an error of GRDB means to a caller.
    init(sqlite error: any Error) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            self.init(sqlite: error.extendedResultCode.rawValue, error.message ?? "no message")
        case is CancellationError:
            self.init(.unavailable, "the call was cancelled")
        default:
            self.init(.unavailable, "cannot open the database")
        }
    }

    /// - Parameters:
    ///   - code: extended.
    ///   - message: SQLite's words, which name tables and columns, not values.
    init(sqlite code: Int32, _ message: String) {
        switch (code & 0xff, code) {
        case (_, violatedUnique), (_, violatedPrimaryKey):
            self.init(.duplicate, message)
        case (_, violatedForeignKey):
            self.init(.inUse, message)
        case (SQLITE_CORRUPT, _), (SQLITE_NOTADB, _):
            self.init(.corrupt, message)
        case (SQLITE_BUSY, _), (SQLITE_LOCKED, _), (SQLITE_CANTOPEN, _), (SQLITE_IOERR, _), (SQLITE_FULL, _),
            (SQLITE_PROTOCOL, _), (SQLITE_INTERRUPT, _), (SQLITE_NOMEM, _), (SQLITE_PERM, _), (SQLITE_ABORT, _),
            (SQLITE_MISUSE, _):
            self.init(.unavailable, message)
        default:
            self.init(.refused, message)
        }
    }
}

// SQLite defines extended codes as expressions, which Swift does not import.
private let violatedForeignKey = SQLITE_CONSTRAINT | 3 << 8
private let violatedPrimaryKey = SQLITE_CONSTRAINT | 6 << 8
private let violatedUnique = SQLITE_CONSTRAINT | 8 << 8
