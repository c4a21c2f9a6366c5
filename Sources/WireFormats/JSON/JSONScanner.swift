/// Walks over JSON text without building values: the cheapest way to find where something stands.
///
/// Every function takes the whole text and an offset, checks the grammar of RFC 8259 as it goes, and is total: any bytes
/// give an offset or a ``JSONSyntaxError``. Strings are passed eight bytes a step, which makes a long prompt about four
/// times cheaper than byte by byte.
package enum JSONScanner {
    /// How deep values may nest unless a caller says otherwise.
    package static let defaultMaximumDepth = 512

    package static func skipWhitespace(_ bytes: Span<UInt8>, _ offset: inout Int) {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0a, 0x0d, 0x09: offset += 1
            default: return
            }
        }
    }

    /// Passes one value of any kind; white space before it must be gone already.
    package static func skipValue(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int = defaultMaximumDepth,
        limit: Int = defaultMaximumDepth
    ) throws(JSONSyntaxError) {
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        switch bytes[offset] {
        case UInt8(ascii: "\""): try self.skipString(bytes, &offset)
        case UInt8(ascii: "{"): try self.skipObject(bytes, &offset, depth: depth, limit: limit)
        case UInt8(ascii: "["): try self.skipArray(bytes, &offset, depth: depth, limit: limit)
        case UInt8(ascii: "t"): try self.skipLiteral(bytes, &offset, 0x6575_7274, 4)
        case UInt8(ascii: "n"): try self.skipLiteral(bytes, &offset, 0x6c6c_756e, 4)
        case UInt8(ascii: "f"):
            offset += 1
            try self.skipLiteral(bytes, &offset, 0x6573_6c61, 4)
        case UInt8(ascii: "-"), 0x30...0x39: try self.skipNumber(bytes, &offset)
        default: throw JSONSyntaxError(.unexpectedByte(bytes[offset]), at: offset)
        }
    }

    /// Passes a string from its opening quote to behind its closing one.
    package static func skipString(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONSyntaxError) {
        let raw = bytes.bytes
        let count = bytes.count
        offset += 1
        while true {
            while offset &+ 8 <= count {
                let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let hits = self.stops(word)
                if hits != 0 {
                    offset &+= hits.trailingZeroBitCount >> 3
                    break
                }
                offset &+= 8
            }
            guard offset < count else { throw JSONSyntaxError(.unexpectedEnd, at: count) }
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): try self.skipEscape(bytes, &offset)
            case 0..<0x20: throw JSONSyntaxError(.controlCharacterInString, at: offset)
            default: offset += 1
            }
        }
    }

    /// Marks (in the top bit of each byte) quotes, backslashes and control characters; exact up to the lowest mark.
    ///
    /// The classic "has a zero byte" formula, applied to the word xor each sought byte.
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        let marks = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
        return marks & (ones &* 0x80)
    }

    private static func skipEscape(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONSyntaxError) {
        guard offset + 1 < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: bytes.count) }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard offset + 6 <= bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: bytes.count) }
            for digit in offset + 2..<offset + 6 where JSONText.hexValue(bytes[digit]) == nil {
                throw JSONSyntaxError(.badEscape, at: digit)
            }
            offset += 6
        default: throw JSONSyntaxError(.badEscape, at: offset)
        }
    }

    /// Passes a number, from its sign or first digit.
    package static func skipNumber(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONSyntaxError) {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        try self.skipDigits(bytes, &offset)
        if bytes[first] == UInt8(ascii: "0"), offset > first + 1 { throw JSONSyntaxError(.badNumber, at: first) }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try self.skipDigits(bytes, &offset)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            try self.skipDigits(bytes, &offset)
        }
    }

    private static func skipDigits(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONSyntaxError) {
        let start = offset
        while offset < bytes.count, bytes[offset] &- 0x30 < 10 { offset += 1 }
        if offset == start { throw JSONSyntaxError(.badNumber, at: offset) }
    }

    private static func skipLiteral(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        _ letters: UInt32,
        _ length: Int
    ) throws(JSONSyntaxError) {
        guard offset + length <= bytes.count,
            UInt32(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)) == letters
        else { throw JSONSyntaxError(.badLiteral, at: offset) }
        offset += length
    }

    private static func skipArray(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int,
        limit: Int
    ) throws(JSONSyntaxError) {
        guard depth > 0 else { throw JSONSyntaxError(.tooDeep(limit: limit), at: offset) }
        offset += 1
        self.skipWhitespace(bytes, &offset)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "]") {
            offset += 1
            return
        }
        while true {
            try self.skipValue(bytes, &offset, depth: depth - 1, limit: limit)
            if try self.endsAfterElement(bytes, &offset, close: UInt8(ascii: "]")) { return }
        }
    }

    private static func skipObject(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int,
        limit: Int
    ) throws(JSONSyntaxError) {
        guard depth > 0 else { throw JSONSyntaxError(.tooDeep(limit: limit), at: offset) }
        offset += 1
        self.skipWhitespace(bytes, &offset)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            _ = try self.skipKey(bytes, &offset)
            try self.skipValue(bytes, &offset, depth: depth - 1, limit: limit)
            if try self.endsAfterElement(bytes, &offset, close: UInt8(ascii: "}")) { return }
        }
    }

    /// Passes a key, its colon and the white space around; the answer is where the key stands, without its quotes.
    static func skipKey(_ bytes: Span<UInt8>, _ offset: inout Int) throws(JSONSyntaxError) -> Range<Int> {
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        guard bytes[offset] == UInt8(ascii: "\"") else {
            throw JSONSyntaxError(.unexpectedByte(bytes[offset]), at: offset)
        }
        let start = offset + 1
        try self.skipString(bytes, &offset)
        let key = start..<offset - 1
        self.skipWhitespace(bytes, &offset)
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        guard bytes[offset] == UInt8(ascii: ":") else {
            throw JSONSyntaxError(.unexpectedByte(bytes[offset]), at: offset)
        }
        offset += 1
        self.skipWhitespace(bytes, &offset)
        return key
    }

    /// After an element: true when `close` was passed, false when a comma was and another element must follow.
    static func endsAfterElement(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        close: UInt8
    ) throws(JSONSyntaxError) -> Bool {
        self.skipWhitespace(bytes, &offset)
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        switch bytes[offset] {
        case close:
            offset += 1
            return true
        case UInt8(ascii: ","):
            offset += 1
            self.skipWhitespace(bytes, &offset)
            return false
        default: throw JSONSyntaxError(.unexpectedByte(bytes[offset]), at: offset)
        }
    }
}
