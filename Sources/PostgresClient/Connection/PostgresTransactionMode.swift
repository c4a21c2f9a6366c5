/// What a transaction may do, and what it sees.
package enum PostgresTransactionMode: Sendable {
    /// `READ COMMITTED`: each statement sees what was committed when it began.
    case readWrite
    /// `SERIALIZABLE`: as if transactions ran one after the other; may fail with `serialization` instead.
    case serializable
    /// `REPEATABLE READ`, read only: all statements see one moment.
    case readOnly

    var statement: String {
        switch self {
        case .readWrite: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
        case .readOnly: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        }
    }
}
