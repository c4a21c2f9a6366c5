import Domain
import NIOCore
import WireFormats

/// The query of a request: names and values as they came, decoded.
struct QueryText: Sendable, Equatable {
    private(set) var pairs: [(name: String, value: String)] = []

    /// Reads `a=b&c=d`; a `+` is a space.
    ///
    /// - Throws: `badRequest` for an escape that is none, and for bytes that are no UTF-8.
    init(_ text: Substring) throws(GatewayError) {
        for piece in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decode(parts[0], plusIsSpace: true),
                let value = PercentText.decode(parts.count > 1 ? parts[1] : "".utf8[...], plusIsSpace: true)
            else {
                throw GatewayError(
                    .badRequest,
                    "The query has an escape that is none, or is no UTF-8: "
                        + "'\(FieldValue.shown(String(decoding: piece, as: UTF8.self)))'."
                )
            }
            self.pairs.append((name, value))
        }
    }

    /// An empty query.
    init() {}

    static func == (a: QueryText, b: QueryText) -> Bool { a.pairs.elementsEqual(b.pairs, by: ==) }
}

/// Percent-encoding (RFC 3986, section 2.1).
enum PercentText {
    /// Nil where an escape is broken or the result is no UTF-8.
    static func decode(_ encoded: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
        var output: [UInt8] = []
        var bytes = encoded.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = bytes.next().flatMap(self.digit), let low = bytes.next().flatMap(self.digit)
                else { return nil }
                output.append(high << 4 | low)
            } else {
                output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension FieldTable {
    /// Applies a query to `target`: each parameter by the type of its field.
    ///
    /// Lists may be repeated parameters or separated by commas.
    ///
    /// - Throws: `badRequest` that tells all that is wrong at once.
    func read(_ query: QueryText, into target: inout Target) throws(GatewayError) {
        var problems = FieldProblems(kind: "query parameter")
        var lists: [String: [JSONValue]] = [:]
        var body = JSONObject()
        for (name, value) in query.pairs {
            guard let field = self.fields.first(where: { $0.description.name == name })?.description else {
                problems.addUnknown(name, among: self.descriptions)
                continue
            }
            if field.type == .texts {
                lists[name, default: []] += value.split(separator: ",").map { .text(String($0)) }
                body[name] = .array(lists[name] ?? [])
            } else if body[name] != nil {
                problems.add(name, "stands twice")
            } else if value.isEmpty, field.type != .text {
                continue
            } else {
                body[name] = Self.value(value, of: field.type)
            }
        }
        try problems.check()
        try self.read(body, into: &target)
    }

    private static func value(_ text: String, of type: FieldType) -> JSONValue {
        switch type {
        case .count, .money:
            // Only what is a number in JSON is taken for one; the rest stays a string, and is explained as such.
            let parsed = try? JSONValue(parsing: ByteBuffer(string: text))
            if case .number? = parsed { return parsed ?? .null }
            return .text(text)
        case .flag:
            switch text.lowercased() {
            case "true", "1", "yes": return .bool(true)
            case "false", "0", "no": return .bool(false)
            default: return .text(text)
            }
        default: return .text(text)
        }
    }
}
