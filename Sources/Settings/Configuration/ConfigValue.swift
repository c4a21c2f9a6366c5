/// A value of any shape, kept as written: the order of members and the spelling of numbers.
package indirect enum ConfigValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number in JSON's spelling.
    case number(String)
    case text(String)
    case list([ConfigValue])
    case members([Member])

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: ConfigValue

        package init(name: String, value: ConfigValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value as one line of JSON.
    package var json: String {
        switch self {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .number(let spelling): return spelling
        case .text(let text): return Self.quoted(text)
        case .list(let values): return "[\(values.map(\.json).joined(separator: ","))]"
        case .members(let members):
            let pairs = members.map { "\(Self.quoted($0.name)):\($0.value.json)" }
            return "{\(pairs.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension ConfigValue {
    /// Reads a node with everything below it; `os.environ/` is resolved, and a missing variable reads as null.
    ///
    /// The depth is bounded by the composer's limit.
    init(_ node: YAMLNode, path: String, context: ReadingContext) {
        switch node.content {
        case .scalar(let written, let isPlain):
            switch context.resolve(written, isPlain: isPlain, at: node.position, path: path) {
            case .absent, .failed: self = .null
            case .value(let text, let isPlain): self = isPlain ? Self.plain(text) : .text(text)
            }
        case .sequence(let nodes):
            let values = nodes.enumerated().map {
                ConfigValue($0.element, path: "\(path)[\($0.offset)]", context: context)
            }
            self = .list(values)
        case .mapping(let members):
            self = .members(
                members.map { member in
                    let path = ConfigurationPath.joined(path, member.key)
                    return Member(name: member.key, value: ConfigValue(member.value, path: path, context: context))
                }
            )
        }
    }

    private static func plain(_ text: String) -> ConfigValue {
        switch PlainScalar(text) {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .number: self.jsonNumber(text).map { .number($0) } ?? .text(text)
        case .text: .text(text)
        }
    }

    /// YAML allows `+5`, `.5` and `5.`, which JSON does not; a number with leading zeros is more likely a name.
    private static func jsonNumber(_ text: String) -> String? {
        var rest = Substring(text)
        var result = ""
        if rest.first == "-" { result = "-" }
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        let mantissa = rest.prefix { $0 != "e" && $0 != "E" }
        let exponent = rest[mantissa.endIndex...]
        let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.utf8.count < 2 || whole.utf8.first != UInt8(ascii: "0") else { return nil }
        result += whole.isEmpty ? "0" : whole
        if parts.count == 2, !parts[1].isEmpty { result += ".\(parts[1])" }
        return result + exponent
    }
}
