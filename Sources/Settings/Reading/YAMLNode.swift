internal import Domain

/// A value of a YAML document with the place it stands at.
///
/// Aliases are expanded (the copies share storage), merge keys (`<<`) applied and duplicate keys merged.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// `isPlain` is false for a quoted or block scalar, and for one with the tag `!!str`: those are text.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLMember])
    }

    var content: Content
    var position: SourcePosition

    /// Whether this is YAML's null: nothing at all, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = self.content else { return false }
        return PlainScalar(text) == .null
    }
}

/// One `key: value` of a mapping.
struct YAMLMember: Sendable {
    var key: String
    var keyPosition: SourcePosition
    var value: YAMLNode
}

/// A reason why a document can't be read at all.
struct YAMLFailure: Error {
    var position: SourcePosition
    var message: String
}

/// What a plain (unquoted) scalar means: the YAML 1.2 core schema, plus `yes`/`no`/`on`/`off` as PyYAML reads them.
enum PlainScalar: Equatable {
    case null
    case boolean(Bool)
    case number
    case text

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .boolean(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .boolean(false)
        default: self = ScaledDecimal.read(text, scale: 0) != nil || Self.isLargeNumber(text) ? .number : .text
        }
    }

    /// A number that does not fit 64 bits is a number all the same.
    private static func isLargeNumber(_ text: String) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
