/// Reads single facts out of JSON text that has been scanned, or may be broken: what does not fit is `nil`.
package enum JSONPeek {
    /// Whether the bytes of `range` are exactly those of `text`.
    package static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let expected = text.utf8Start
        for index in 0..<range.count where bytes[range.lowerBound + index] != expected[index] { return false }
        return true
    }

    /// The value of `key` in the object that starts at `object`.
    package static func member(_ key: StaticString, of object: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        guard object.lowerBound < bytes.count, bytes[object.lowerBound] == UInt8(ascii: "{") else { return nil }
        var offset = object.lowerBound + 1
        do {
            JSONScanner.skipWhitespace(bytes, &offset)
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") { return nil }
            while true {
                let name = try JSONScanner.skipKey(bytes, &offset)
                let start = offset
                try JSONScanner.skipValue(bytes, &offset)
                if self.matches(bytes, name, key) { return start..<offset }
                if try JSONScanner.endsAfterElement(bytes, &offset, close: UInt8(ascii: "}")) { return nil }
            }
        } catch {
            return nil
        }
    }

    /// The first element of the array that starts at `array`.
    package static func firstElement(of array: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        guard array.lowerBound < bytes.count, bytes[array.lowerBound] == UInt8(ascii: "[") else { return nil }
        var offset = array.lowerBound + 1
        JSONScanner.skipWhitespace(bytes, &offset)
        let start = offset
        guard offset < bytes.count, bytes[offset] != UInt8(ascii: "]") else { return nil }
        do {
            try JSONScanner.skipValue(bytes, &offset)
            return start..<offset
        } catch {
            return nil
        }
    }

    /// A whole number that is not negative and fits; fractions and exponents are `nil`.
    package static func integer(_ range: Range<Int>?, in bytes: Span<UInt8>) -> Int? {
        guard let range, !range.isEmpty, range.count <= 18 else { return nil }
        var number = 0
        for index in range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    package static func isTrue(_ range: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
        guard let range else { return false }
        return self.matches(bytes, range, "true")
    }

    package static func isNull(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        self.matches(bytes, range, "null")
    }

    /// The text of a string value, unescaped; `nil` for other kinds.
    package static func string(_ range: Range<Int>?, in bytes: Span<UInt8>) -> String? {
        guard let inside = self.stringContent(range, in: bytes) else { return nil }
        return JSONText.decode(bytes, inside)
    }

    /// Where the inside of a string value stands, without its quotes and still escaped; `nil` for other kinds.
    package static func stringContent(_ range: Range<Int>?, in bytes: Span<UInt8>) -> Range<Int>? {
        guard let range, range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return range.lowerBound + 1..<range.upperBound - 1
    }
}
