/// Why a text is not JSON, and at which byte.
struct JSONError: Error {
    let message: String
    let offset: Int
}

/// A strict JSON reader over bytes it does not own.
struct JSONParser {
    /// Byte offset of the next unread byte.
    private(set) var position: Int
    private let bytes: UnsafeRawBufferPointer
    private var depth = 0
    private static let maximumDepth = 256

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads a whole document; anything but white space after it is an error.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.failure("unexpected text after the value") }
        return value
    }

    /// Reads one value and stops right behind it.
    mutating func value() throws(JSONError) -> JSONValue {
        self.skipSpace()
        guard let byte = self.peek() else { throw self.failure("unexpected end") }
        switch byte {
        case UInt8(ascii: "{"): return try self.nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try self.nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.literal("true", .bool(true))
        case UInt8(ascii: "f"): return try self.literal("false", .bool(false))
        case UInt8(ascii: "n"): return try self.literal("null", .null)
        default: return try self.number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        self.depth += 1
        guard self.depth <= Self.maximumDepth else { throw self.failure("nested too deeply") }
        let value = try read(&self)
        self.depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        self.position += 1
        var members: [JSONValue.Member] = []
        self.skipSpace()
        if self.take("}") { return .object(members) }
        while true {
            self.skipSpace()
            guard self.peek() == UInt8(ascii: "\"") else { throw self.failure("expected a member name") }
            let key = try self.string()
            self.skipSpace()
            guard self.take(":") else { throw self.failure("expected ':'") }
            members.append(JSONValue.Member(key: key, value: try self.value()))
            self.skipSpace()
            if self.take("}") { return .object(members) }
            guard self.take(",") else { throw self.failure("expected ',' or '}'") }
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        self.position += 1
        var items: [JSONValue] = []
        self.skipSpace()
        if self.take("]") { return .array(items) }
        while true {
            items.append(try self.value())
            self.skipSpace()
            if self.take("]") { return .array(items) }
            guard self.take(",") else { throw self.failure("expected ',' or ']'") }
        }
    }

    /// Reads a string; the position is at its opening quote.
    mutating func string() throws(JSONError) -> String {
        self.position += 1
        let start = self.position
        while let byte = self.peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw self.failure("control character in a string") }
            self.position += 1
        }
        if self.peek() == UInt8(ascii: "\"") {
            let text = try self.utf8(self.bytes[start..<self.position])
            self.position += 1
            return text
        }
        return try self.escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = [UInt8](self.bytes[start..<self.position])
        while let byte = self.peek() {
            self.position += 1
            switch byte {
            case UInt8(ascii: "\""): return try self.utf8(unescaped)
            case UInt8(ascii: "\\"): try self.escape(into: &unescaped)
            case 0..<0x20: throw self.failure("control character in a string")
            default: unescaped.append(byte)
            }
        }
        throw self.failure("unterminated string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = self.peek() else { throw self.failure("unterminated string") }
        self.position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"): text.append(contentsOf: try self.unicodeEscape().utf8)
        default: throw self.failure("unknown escape")
        }
    }

    /// Reads `XXXX`, and the second half of a surrogate pair if there is one; a lone half becomes U+FFFD.
    private mutating func unicodeEscape() throws(JSONError) -> String {
        let first = try self.hexadecimal()
        if let scalar = Unicode.Scalar(first) { return String(scalar) }
        let mark = self.position
        if first < 0xDC00, self.take("\\"), self.take("u") {
            let second = try self.hexadecimal()
            if (0xDC00..<0xE000).contains(second) {
                let combined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                return Unicode.Scalar(combined).map { String($0) } ?? "\u{FFFD}"
            }
        }
        self.position = mark
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard self.position + 4 <= self.bytes.count else { throw self.failure("incomplete \\u escape") }
        let digits = String(decoding: self.bytes[self.position..<self.position + 4], as: UTF8.self)
        guard let value = UInt32(digits, radix: 16) else { throw self.failure("bad \\u escape") }
        self.position += 4
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = self.position
        while let byte = self.peek(), Self.isNumberByte(byte) { self.position += 1 }
        let digits = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        if let value = Int(digits), !digits.hasPrefix("+") { return .integer(value) }
        guard let first = digits.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
            let value = Double(digits), value.isFinite
        else { throw self.failure("unexpected character") }
        return .number(value)
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        let rest = self.bytes[min(self.position, self.bytes.count)..<min(self.position + length, self.bytes.count)]
        guard rest.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: length)) else {
            throw self.failure("unexpected character")
        }
        self.position += length
        return value
    }

    private func utf8(_ bytes: some Collection<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw self.failure("invalid UTF-8") }
        return text
    }

    private func peek() -> UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.peek() == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = self.peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            self.position += 1
        }
    }

    private func failure(_ message: String) -> JSONError {
        JSONError(message: message, offset: self.position)
    }
}
