package import NIOCore

/// Escaping and unescaping of JSON strings (RFC 8259, section 7).
package enum JSONText {
    static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte - 0x30)
        case 0x41...0x46: UInt16(byte - 0x41 + 10)
        case 0x61...0x66: UInt16(byte - 0x61 + 10)
        default: nil
        }
    }

    /// Whether two texts are the same scalars; `==` would also take a letter and its decomposed form for one.
    static func areIdentical(_ a: String, _ b: String) -> Bool {
        // `==` is quick to say no; where it says yes, equivalent spellings of a character must still be told apart.
        a == b && a.utf8.elementsEqual(b.utf8)
    }

    static func hasEscape(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\\") { return true }
        return false
    }

    /// The text behind the inside of a JSON string (without its quotes).
    ///
    /// Lone surrogates and invalid UTF-8 become U+FFFD; the input must have passed ``JSONScanner/skipString(_:_:)``, but
    /// any bytes give some text.
    package static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        var index = range.lowerBound
        var isPlain = true
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                isPlain = false
                break
            }
            index += 1
        }
        guard !isPlain else {
            return String(unsafeUninitializedCapacity: range.count) { target in
                for position in 0..<range.count { target[position] = bytes[range.lowerBound + position] }
                return range.count
            }
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        self.decode(bytes, range, into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < range.upperBound else {
                output.append(byte)
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0c)
            case UInt8(ascii: "n"): output.append(0x0a)
            case UInt8(ascii: "r"): output.append(0x0d)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                self.decodeUnicode(bytes, &index, range.upperBound, into: &output)
                continue
            default: output.append(bytes[index + 1])
            }
            index += 2
        }
    }

    private static func decodeUnicode(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, into output: inout [UInt8])
    {
        guard let unit = self.codeUnit(bytes, index, end) else {
            output.append(contentsOf: "\u{fffd}".utf8)
            index = min(index + 2, end)
            return
        }
        index += 6
        var scalar = UnicodeScalar(unit)
        if unit & 0xfc00 == 0xd800, let low = self.codeUnit(bytes, index, end), low & 0xfc00 == 0xdc00 {
            scalar = UnicodeScalar(0x10000 + (UInt32(unit & 0x3ff) << 10) + UInt32(low & 0x3ff))
            index += 6
        }
        output.append(contentsOf: String(Character(scalar ?? "\u{fffd}")).utf8)
    }

    /// The number of `\uXXXX` at `index`, if such an escape stands there whole.
    private static func codeUnit(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> UInt16? {
        guard index + 6 <= end, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for position in index + 2..<index + 6 {
            guard let digit = self.hexValue(bytes[position]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Appends `text` as the inside of a JSON string; only what must be escaped is.
    package static func escape(_ text: String, into output: inout ByteBuffer) {
        var text = text
        text.withUTF8 { self.escape($0, into: &output) }
    }

    /// Appends UTF-8 `bytes` as the inside of a JSON string.
    package static func escape(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        var plainStart = 0
        for (index, byte) in bytes.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            if plainStart < index {
                output.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[plainStart..<index])))
            }
            self.writeEscape(byte, into: &output)
            plainStart = index + 1
        }
        if plainStart < bytes.count {
            output.writeBytes(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[plainStart...])))
        }
    }

    /// Appends `text` as a JSON string, quotes included.
    package static func writeString(_ text: String, into output: inout ByteBuffer) {
        output.writeInteger(UInt8(ascii: "\""))
        self.escape(text, into: &output)
        output.writeInteger(UInt8(ascii: "\""))
    }

    private static func writeEscape(_ byte: UInt8, into output: inout ByteBuffer) {
        switch byte {
        case UInt8(ascii: "\""): output.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): output.writeStaticString("\\\\")
        case 0x08: output.writeStaticString("\\b")
        case 0x0c: output.writeStaticString("\\f")
        case 0x0a: output.writeStaticString("\\n")
        case 0x0d: output.writeStaticString("\\r")
        case 0x09: output.writeStaticString("\\t")
        default:
            let digits: StaticString = "0123456789abcdef"
            output.writeStaticString("\\u00")
            output.writeInteger(digits.utf8Start[Int(byte >> 4)])
            output.writeInteger(digits.utf8Start[Int(byte & 0xf)])
        }
    }
}
