import Domain
import PostgresClient

extension StoreError {
    /// What an error of PostgreSQL, or of the way to it, means to a caller.
    init(postgres error: PostgresError) {
        let detail = error.constraint ?? error.message
        switch error.kind {
        case .duplicate: self.init(.duplicate, detail)
        case .foreignKey: self.init(.inUse, detail)
        case .corrupt: self.init(.corrupt, error.message)
        // Given up for another's sake again and again, which passes too.
        case .serialization, .staleStatement: self.init(.unavailable, error.message)
        case .unreachable, .timedOut, .busy, .closed, .cancelled, .login: self.init(.unavailable, error.message)
        case .unstorableText, .other: self.init(.refused, error.message)
        }
    }
}
