/// A value as a statement takes it.
///
/// Booleans are integers 0 and 1, points in time are milliseconds since 1970, money is nano-dollars. U+0000, which
/// PostgreSQL's texts cannot hold, becomes U+FFFD on the way into either database.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    package init(_ text: String?) {
        self = text.map(SQLValue.text) ?? .null
    }

    package init(_ number: Int) {
        self = .integer(Int64(number))
    }

    package init(_ flag: Bool) {
        self = .integer(flag ? 1 : 0)
    }

    /// The text as it can be stored in either database: with U+FFFD for U+0000.
    ///
    /// For sessions.
    package static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{fffd}" : $0 }))
    }
}

/// The types that columns have.
package enum SQLType: Sendable, Equatable {
    /// 64 bits.
    case integer
    /// Compared byte by byte.
    case text
    case blob
}
