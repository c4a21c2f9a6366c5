import NIOCore
import WireFormats

/// Walks the members of one object without keeping them: for nested objects, where a list would cost an allocation.
///
/// What is broken ends the walk; it is meant for text that has been scanned.
struct ObjectWalk {
    private var offset: Int
    private var isDone: Bool

    /// A walk over the object that starts at `object`; over nothing if there is none.
    init(_ object: Range<Int>?, in bytes: Span<UInt8>) {
        let start = object?.lowerBound ?? bytes.count
        self.isDone = start >= bytes.count || bytes[start] != UInt8(ascii: "{")
        self.offset = start + 1
    }

    mutating func next(in bytes: Span<UInt8>) -> JSONMember? {
        guard !self.isDone else { return nil }
        JSONScanner.skipWhitespace(bytes, &self.offset)
        if self.offset < bytes.count, bytes[self.offset] == UInt8(ascii: ",") {
            self.offset += 1
            JSONScanner.skipWhitespace(bytes, &self.offset)
        }
        guard self.offset < bytes.count, bytes[self.offset] == UInt8(ascii: "\"") else { return self.end() }
        let keyStart = self.offset + 1
        do {
            try JSONScanner.skipString(bytes, &self.offset)
            let key = keyStart..<self.offset - 1
            JSONScanner.skipWhitespace(bytes, &self.offset)
            guard self.offset < bytes.count, bytes[self.offset] == UInt8(ascii: ":") else { return self.end() }
            self.offset += 1
            JSONScanner.skipWhitespace(bytes, &self.offset)
            let start = self.offset
            try JSONScanner.skipValue(bytes, &self.offset)
            return JSONMember(key: key, value: start..<self.offset)
        } catch {
            return self.end()
        }
    }

    private mutating func end() -> JSONMember? {
        self.isDone = true
        return nil
    }
}

/// Walks the elements of one array, as ``ObjectWalk`` does members.
struct ArrayWalk {
    private var offset: Int
    private var isDone: Bool

    init(_ array: Range<Int>?, in bytes: Span<UInt8>) {
        let start = array?.lowerBound ?? bytes.count
        self.isDone = start >= bytes.count || bytes[start] != UInt8(ascii: "[")
        self.offset = start + 1
    }

    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard !self.isDone else { return nil }
        JSONScanner.skipWhitespace(bytes, &self.offset)
        if self.offset < bytes.count, bytes[self.offset] == UInt8(ascii: ",") {
            self.offset += 1
            JSONScanner.skipWhitespace(bytes, &self.offset)
        }
        guard self.offset < bytes.count, bytes[self.offset] != UInt8(ascii: "]") else {
            self.isDone = true
            return nil
        }
        let start = self.offset
        do {
            try JSONScanner.skipValue(bytes, &self.offset)
            return start..<self.offset
        } catch {
            self.isDone = true
            return nil
        }
    }
}

extension JSONPeek {
    /// Whether the object, array or string of `range` has nothing in it, or it is null, false or zero.
    static func isNeutral(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        if self.isNull(range, in: bytes) || self.matches(bytes, range, "false") { return true }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "0"), UInt8(ascii: "-"):
            for index in range {
                let byte = bytes[index]
                if byte >= UInt8(ascii: "1"), byte <= UInt8(ascii: "9") { return false }
            }
            return true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var offset = range.lowerBound + 1
            JSONScanner.skipWhitespace(bytes, &offset)
            return offset == range.upperBound - 1
        case UInt8(ascii: "\""): return range.count == 2
        default: return false
        }
    }

    /// Whether the value is the string `text`, spelled without escapes.
    static func isString(_ range: Range<Int>?, _ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard let inside = self.stringContent(range, in: bytes) else { return false }
        return self.matches(bytes, inside, text)
    }

    static func isObject(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        !range.isEmpty && bytes[range.lowerBound] == UInt8(ascii: "{")
    }

    static func isArray(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        !range.isEmpty && bytes[range.lowerBound] == UInt8(ascii: "[")
    }

    /// Whether the key of `member` is one of `names`.
    static func isOne(of names: [StaticString], _ key: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        for name in names where self.matches(bytes, key, name) { return true }
        return false
    }
}

extension ByteBuffer {
    /// The readable bytes of a range that was found in them.
    func slice(_ range: Range<Int>) -> ByteBuffer {
        self.slice(self.readerIndex + range.lowerBound, range.count)
    }

    /// `text` as a JSON string, quotes included.
    init(jsonString text: String) {
        self.init()
        JSONText.writeString(text, into: &self)
    }
}
