package import NIOCore

/// What a server answered to one command.
package indirect enum RedisReply: Sendable, Equatable {
    case null
    /// A short text such as `OK`.
    case status(String)
    /// A string of any bytes.
    case bytes(ByteBuffer)
    case integer(Int64)
    /// RESP3 only.
    case double(Double)
    /// RESP3 only.
    case boolean(Bool)
    /// An array or a set; a RESP3 map is the array of its keys and values in turn, as RESP2 sends it.
    case array([RedisReply])
    case error(RedisServerError)
    /// RESP3 only: a message that answers no command.
    case push([RedisReply])

    /// The text of a status or a string; bytes that are no UTF-8 are replaced.
    package var text: String? {
        switch self {
        case .status(let text): text
        case .bytes(let bytes): String(buffer: bytes)
        default: nil
        }
    }

    /// An integer, also when it is spelled as a string.
    package var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bytes, .status: self.text.flatMap { Int64($0) }
        default: nil
        }
    }

    package var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

/// An error that a server answered with.
package struct RedisServerError: Error, Sendable, Hashable {
    /// The first word, which says what kind it is: `ERR`, `NOSCRIPT`, `MOVED`, ...
    package var code: String
    /// The whole text, code included.
    package var message: String

    package init(message: String) {
        self.message = message
        self.code = String(message.prefix { $0 != " " })
    }

    /// The server cannot serve at the moment, which is no fault of the command.
    package var isTemporary: Bool {
        ["LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "READONLY", "MOVED", "ASK", "BUSY", "NOREPLICAS"]
            .contains(self.code)
    }
}
