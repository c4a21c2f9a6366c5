/// Why a command has no answer.
package enum RedisError: Error, Sendable, Equatable {
    /// The deadline passed.
    ///
    /// The command may have been carried out, or may yet be.
    case timedOut
    /// There is no connection; nothing was sent.
    case notConnected
    /// The circuit breaker is open; nothing was sent.
    case breakerOpen
    /// Too many commands wait on the connection; nothing was sent.
    case overloaded
    /// The connection ended before the answer came.
    ///
    /// The command may have been carried out.
    case connectionLost(String)
    /// No connection could be made, or the server did not let us in.
    case connectionFailed(String)
    /// The server sent bytes that are no answer; the connection is given up.
    case malformedReply(String)
    /// The server answered with an error.
    case server(RedisServerError)
    /// The answer is a valid one, but not of this command.
    case unexpectedReply(String)
    /// The client was closed; nothing was sent.
    case closed

    /// Whether the server's health is in doubt after this.
    var countsAsFailure: Bool {
        switch self {
        case .timedOut, .notConnected, .connectionLost, .connectionFailed, .malformedReply, .overloaded: true
        case .server(let error): error.isTemporary && error.code != "MOVED" && error.code != "ASK"
        case .breakerOpen, .unexpectedReply, .closed: false
        }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .timedOut: "no answer within the deadline"
        case .notConnected: "not connected"
        case .breakerOpen: "not asked, because it failed before"
        case .overloaded: "too many commands are waiting"
        case .connectionLost(let reason): "connection lost: \(reason)"
        case .connectionFailed(let reason): "cannot connect: \(reason)"
        case .malformedReply(let reason): "malformed reply: \(reason)"
        case .server(let error): "server error: \(error.message)"
        case .unexpectedReply(let reason): "unexpected reply: \(reason)"
        case .closed: "the client was closed"
        }
    }
}
