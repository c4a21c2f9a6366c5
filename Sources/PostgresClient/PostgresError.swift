import CPostgreSQL

/// Why PostgreSQL, or the way to it, failed.
///
/// The message is for the log: the server's own, which may name tables, columns and constraints. It never holds the
/// value of a parameter: PostgreSQL puts these into details, which are not read, and into the messages of its class 22,
/// which are cut off.
///
/// Source: PostgreSQL's manual, appendix A, "PostgreSQL Error Codes".
package struct PostgresError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// No connection, or it broke, or the server stops, starts, or has no room for one more.
        case unreachable
        /// Nothing came before the deadline, or a lock or a statement took longer than the session allows.
        case timedOut
        /// The queue for connections is full.
        case busy
        /// The pool is closed.
        case closed
        /// The task that asked was cancelled before it was its turn.
        case cancelled
        /// Wrong password, unknown user or database, no right to connect.
        case login
        /// A unique constraint, which is named.
        case duplicate
        /// A foreign key, which is named.
        case foreignKey
        /// The transaction was given up for another's sake: a deadlock or a serialization failure. It may be repeated.
        case serialization
        /// The server no longer knows or wants a prepared statement. The transaction may be repeated.
        case staleStatement
        /// A text with U+0000, which PostgreSQL cannot hold.
        case unstorableText
        /// The database is damaged.
        case corrupt
        case other
    }

    package var kind: Kind
    package var message: String
    /// Five characters; nil when the error is not the server's.
    package var sqlState: String?
    /// The violated constraint.
    package var constraint: String?

    package init(_ kind: Kind, _ message: String, sqlState: String? = nil, constraint: String? = nil) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
    }

    /// Whether the same call may well succeed later, without anybody changing it.
    package var isUnavailability: Bool {
        switch self.kind {
        case .unreachable, .timedOut, .busy, .closed, .login: true
        default: false
        }
    }

    /// Whether all that is wrong may be put right by repeating the whole transaction at once.
    var invitesRepetition: Bool {
        self.kind == .serialization || self.kind == .staleStatement || self.kind == .unreachable
    }
}

extension PostgresError.Kind {
    init(sqlState: String) {
        switch sqlState {
        case "23505", "23P01": self = .duplicate
        case "23503", "23001": self = .foreignKey
        case "40001", "40P01", "40003": self = .serialization
        case "26000": self = .staleStatement
        // "cached plan must not change result type": a table was altered after the statement had been prepared. The code
        // is that of any unsupported feature, and the message may be in any language: the connection tells them apart.
        case "0A000": self = .staleStatement
        case "22021", "22P05": self = .unstorableText
        // 57014: statement_timeout; 55P03: lock_timeout; 25P03: idle_in_transaction_session_timeout.
        case "57014", "55P03", "25P03": self = .timedOut
        case "57P01", "57P02", "57P03", "57P05": self = .unreachable
        // After a failover: this server only reads.
        case "25006": self = .unreachable
        // An unknown database.
        case "3D000": self = .login
        case "XX001", "XX002": self = .corrupt
        default:
            switch sqlState.prefix(2) {
            case "08", "53": self = .unreachable
            case "28": self = .login
            default: self = .other
            }
        }
    }
}

extension PostgresError {
    /// The error that a statement's result holds.
    init(result: OpaquePointer?, connection: OpaquePointer) {
        guard let result, let state = Self.field(result, "C") else {
            self.init(.unreachable, Self.firstLine(PQerrorMessage(connection)))
            return
        }
        let text = Self.field(result, "M") ?? "no message"
        let message = state.hasPrefix("22") ? Self.withoutValues(text) : text
        self.init(
            Kind(sqlState: state),
            message,
            sqlState: state,
            constraint: Self.field(result, "n")
        )
    }

    /// Why no connection came about.
    ///
    /// libpq has no function for the SQLSTATE of that; with verbose messages it stands after the severity:
    /// `FATAL:  28P01: password authentication failed`.
    init(connecting connection: OpaquePointer) {
        let line = Self.firstLine(PQerrorMessage(connection))
        var text = line[...]
        while let range = text.firstRange(of: ":  ") {
            text = text[range.upperBound...]
            let state = String(text.prefix(5))
            if text.dropFirst(5).hasPrefix(": "), state.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) }) {
                let message = String(line[..<range.upperBound]) + text.dropFirst(7)
                // Whatever it is, there is no connection.
                let kind = Kind(sqlState: state)
                self.init(kind == .login ? .login : .unreachable, message, sqlState: state)
                return
            }
        }
        self.init(.unreachable, line)
    }

    private static func field(_ result: OpaquePointer, _ name: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(name.value)).map { String(cString: $0) }
    }

    private static func firstLine(_ text: UnsafePointer<CChar>?) -> String {
        let whole = text.map { String(cString: $0) } ?? ""
        return whole.split(separator: "\n").first.map(String.init) ?? "the connection is lost"
    }

    private static func withoutValues(_ message: String) -> String {
        message.firstIndex(of: "\"").map { String(message[..<$0]) + "..." } ?? message
    }
}
