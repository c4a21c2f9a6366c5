/// A value as a statement's parameter takes it; its type is inferred from the statement by the server.
package enum PostgresValue: Sendable, Equatable {
    case null
    case integer(Int64)
    /// Without U+0000: `unstorableText` is thrown otherwise.
    case text(String)
    case bytes([UInt8])
    /// For a parameter that the statement casts to `BIGINT[]`, `TEXT[]` or `BYTEA[]`.
    case array(PostgresArray)
}

extension PostgresValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    package init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    package init(stringLiteral value: String) {
        self = .text(value)
    }

    package init(nilLiteral: ()) {
        self = .null
    }
}
