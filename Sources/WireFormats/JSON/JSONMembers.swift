/// One member of an object: where its key and its value stand in the text.
package struct JSONMember: Sendable, Equatable {
    /// Without the quotes.
    package var key: Range<Int>
    package var value: Range<Int>

    package init(key: Range<Int>, value: Range<Int>) {
        self.key = key
        self.value = value
    }
}

/// The members of the object that a text consists of, found in one pass.
///
/// A key may stand there once: two parsers disagree about which of two equal keys counts, and that is how a request
/// says one model to a gateway and another to the provider behind it. Keys spelled with escapes are refused for the
/// same reason.
package struct JSONMembers: Sendable {
    package private(set) var items: [JSONMember]

    package init() {
        self.items = []
    }

    /// Replaces what was known by the members of `bytes`; keeps its memory, so a reused value does not allocate.
    ///
    /// - Throws: `JSONSyntaxError` when `bytes` is not exactly one object, or a key stands twice.
    package mutating func scan(
        _ bytes: Span<UInt8>,
        maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONSyntaxError) {
        self.items.removeAll(keepingCapacity: true)
        var offset = 0
        JSONScanner.skipWhitespace(bytes, &offset)
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        guard bytes[offset] == UInt8(ascii: "{") else { throw JSONSyntaxError(.notAnObject, at: offset) }
        try self.scanObject(bytes, &offset, maximumDepth)
        JSONScanner.skipWhitespace(bytes, &offset)
        guard offset == bytes.count else { throw JSONSyntaxError(.trailingBytes, at: offset) }
    }

    private mutating func scanObject(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        _ maximumDepth: Int
    ) throws(JSONSyntaxError) {
        offset += 1
        JSONScanner.skipWhitespace(bytes, &offset)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            let key = try JSONScanner.skipKey(bytes, &offset)
            try self.refuseAmbiguous(key, bytes)
            let start = offset
            try JSONScanner.skipValue(bytes, &offset, depth: maximumDepth - 1, limit: maximumDepth)
            self.items.append(JSONMember(key: key, value: start..<offset))
            if try JSONScanner.endsAfterElement(bytes, &offset, close: UInt8(ascii: "}")) { return }
        }
    }

    /// How many members an object may have before it is no request any more: it bounds the search for equal keys.
    private static let maximumCount = 1024

    private func refuseAmbiguous(_ key: Range<Int>, _ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        for index in key where bytes[index] == UInt8(ascii: "\\") {
            throw JSONSyntaxError(.escapedKey(JSONText.decode(bytes, key)), at: key.lowerBound)
        }
        for item in self.items where item.key.count == key.count && Self.equal(bytes, item.key, key) {
            throw JSONSyntaxError(.duplicateKey(JSONText.decode(bytes, key)), at: key.lowerBound)
        }
        guard self.items.count < Self.maximumCount else {
            throw JSONSyntaxError(.unexpectedByte(bytes[key.lowerBound - 1]), at: key.lowerBound - 1)
        }
    }

    private static func equal(_ bytes: Span<UInt8>, _ a: Range<Int>, _ b: Range<Int>) -> Bool {
        for index in 0..<a.count where bytes[a.lowerBound + index] != bytes[b.lowerBound + index] { return false }
        return true
    }

    /// Where the value of `key` stands, if it is there.
    package func value(of key: StaticString, in bytes: Span<UInt8>) -> Range<Int>? {
        for item in self.items where JSONPeek.matches(bytes, item.key, key) { return item.value }
        return nil
    }
}
