/// Why a text is no JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case badEscape
        case controlCharacterInString
        case badNumber
        case badLiteral
        case tooDeep(limit: Int)
        case notAnObject
        case duplicateKey(String)
        case escapedKey(String)
        case trailingBytes
        case invalidUTF8
    }

    package var reason: Reason
    /// Bytes from the start of the text.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    /// One clause in plain words, such as `unexpected character '}' at byte 19`.
    package var description: String {
        switch self.reason {
        case .unexpectedEnd: "unexpected end of data at byte \(self.offset)"
        case .unexpectedByte(let byte): "unexpected \(Self.spell(byte)) at byte \(self.offset)"
        case .badEscape: "invalid escape in a string at byte \(self.offset)"
        case .controlCharacterInString: "unescaped control character in a string at byte \(self.offset)"
        case .badNumber: "invalid number at byte \(self.offset)"
        case .badLiteral: "invalid literal at byte \(self.offset)"
        case .tooDeep(let limit): "nested deeper than \(limit) levels at byte \(self.offset)"
        case .notAnObject: "expected a JSON object at byte \(self.offset)"
        case .duplicateKey(let key): "duplicate key '\(key)' at byte \(self.offset)"
        case .escapedKey(let key): "key '\(key)' is spelled with escapes at byte \(self.offset)"
        case .trailingBytes: "extra data after the JSON value at byte \(self.offset)"
        case .invalidUTF8: "invalid UTF-8 at byte \(self.offset)"
        }
    }

    private static func spell(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7f ? "character '\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    }
}
