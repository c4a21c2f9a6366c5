package import NIOCore
import WireFormats

/// The fields of an HTTP/1.1 head, as ranges of the bytes they came in: looking one up copies nothing.
package struct HeaderFields: Sendable {
    /// One field line; positions count from the head's first byte.
    package struct Field: Sendable {
        package var name: Range<Int>
        package var value: Range<Int>
    }

    /// The head's bytes.
    package private(set) var bytes: ByteBuffer
    package private(set) var items: [Field]

    package init() {
        self.bytes = ByteBuffer()
        self.items = []
    }

    /// Starts over with another head's bytes; keeps the list's memory.
    mutating func reset(_ bytes: ByteBuffer) {
        self.bytes = bytes
        self.items.removeAll(keepingCapacity: true)
    }

    mutating func append(_ field: Field) {
        self.items.append(field)
    }

    /// Where the value of the first field called `name` (lower case) stands.
    package func range(_ name: StaticString) -> Range<Int>? {
        let bytes = self.bytes.readableBytesUInt8Span
        for item in self.items where Self.isNamed(bytes, item.name, name) { return item.value }
        return nil
    }

    package func contains(_ name: StaticString) -> Bool {
        self.range(name) != nil
    }

    /// The first value of `name` (lower case) as text.
    package func value(_ name: StaticString) -> String? {
        self.range(name).map { self.text($0) }
    }

    /// The text of a range of the head.
    package func text(_ range: Range<Int>) -> String {
        self.bytes.getString(at: self.bytes.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    /// The bytes of a range of the head.
    package func slice(_ range: Range<Int>) -> ByteBuffer {
        self.bytes.slice(self.bytes.readerIndex + range.lowerBound, range.count)
    }

    /// Whether the value of `name` is a list that holds `token` (both lower case; compared without case).
    package func list(_ name: StaticString, contains token: StaticString) -> Bool {
        let bytes = self.bytes.readableBytesUInt8Span
        for item in self.items where Self.isNamed(bytes, item.name, name) {
            var start = item.value.lowerBound
            while start < item.value.upperBound {
                var end = start
                while end < item.value.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
                if Self.isNamed(bytes, HTTPGrammar.trimmed(bytes, start..<end), token) { return true }
                start = end + 1
            }
        }
        return false
    }

    /// Whether the bytes of `range` spell `name` (lower case), without regard to case.
    package static func isNamed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        let expected = name.utf8Start
        for index in 0..<range.count where HTTPGrammar.lowercased(bytes[range.lowerBound + index]) != expected[index] {
            return false
        }
        return true
    }
}

/// The character classes of RFC 9110, section 5.6, and RFC 9112.
package enum HTTPGrammar {
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// `tchar`: what a field name or a method may consist of.
    package static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// What a field value may hold: visible characters, space, tab and bytes above ASCII.
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == 0x09
    }

    /// The range without the spaces and tabs at its ends.
    package static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// A number in decimal digits only, of at most 18 of them.
    package static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var number = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}
