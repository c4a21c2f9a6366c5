package import NIOCore

extension JSONValue {
    /// Reads exactly one value from `text`; strings and numbers are slices of it.
    ///
    /// In an object in which a key stands twice the last one counts, as in most parsers (top-level keys of a request
    /// are held to more by ``JSONMembers``).
    ///
    /// - Throws: `JSONSyntaxError` for anything that is not one value of at most `maximumDepth` levels.
    package init(
        parsing text: ByteBuffer,
        maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONSyntaxError) {
        let bytes = text.readableBytesUInt8Span
        var offset = 0
        JSONScanner.skipWhitespace(bytes, &offset)
        self = try Self.parse(text, bytes, &offset, depth: maximumDepth, limit: maximumDepth)
        JSONScanner.skipWhitespace(bytes, &offset)
        guard offset == bytes.count else { throw JSONSyntaxError(.trailingBytes, at: offset) }
    }

    private static func parse(
        _ text: ByteBuffer,
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int,
        limit: Int
    ) throws(JSONSyntaxError) -> JSONValue {
        guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        let start = offset
        switch bytes[offset] {
        case UInt8(ascii: "\""):
            try JSONScanner.skipString(bytes, &offset)
            return .string(.escaped(text.slice(text.readerIndex + start + 1, offset - start - 2)))
        case UInt8(ascii: "{"): return try self.parseObject(text, bytes, &offset, depth: depth, limit: limit)
        case UInt8(ascii: "["): return try self.parseArray(text, bytes, &offset, depth: depth, limit: limit)
        default:
            try JSONScanner.skipValue(bytes, &offset)
            switch bytes[start] {
            case UInt8(ascii: "t"): return .bool(true)
            case UInt8(ascii: "f"): return .bool(false)
            case UInt8(ascii: "n"): return .null
            default: return .number(JSONNumber(spelling: text.slice(text.readerIndex + start, offset - start)))
            }
        }
    }

    private static func parseArray(
        _ text: ByteBuffer,
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int,
        limit: Int
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth > 0 else { throw JSONSyntaxError(.tooDeep(limit: limit), at: offset) }
        offset += 1
        JSONScanner.skipWhitespace(bytes, &offset)
        var elements: [JSONValue] = []
        elements.reserveCapacity(4)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "]") {
            offset += 1
            return .array(elements)
        }
        while true {
            elements.append(try self.parse(text, bytes, &offset, depth: depth - 1, limit: limit))
            if try JSONScanner.endsAfterElement(bytes, &offset, close: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private static func parseObject(
        _ text: ByteBuffer,
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        depth: Int,
        limit: Int
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth > 0 else { throw JSONSyntaxError(.tooDeep(limit: limit), at: offset) }
        offset += 1
        JSONScanner.skipWhitespace(bytes, &offset)
        var object = JSONObject(capacity: 8)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "}") {
            offset += 1
            return .object(object)
        }
        var keys = JSONKeyIndex()
        while true {
            let key = JSONText.decode(bytes, try JSONScanner.skipKey(bytes, &offset))
            let value = try self.parse(text, bytes, &offset, depth: depth - 1, limit: limit)
            if let index = keys.insert(key, into: object.members) {
                object.replace(at: index, with: value)
            } else {
                object.append(key, value)
            }
            if try JSONScanner.endsAfterElement(bytes, &offset, close: UInt8(ascii: "}")) { return .object(object) }
        }
    }

    /// Appends the value in compact form.
    package func write(into output: inout ByteBuffer) {
        switch self {
        case .null: output.writeStaticString("null")
        case .bool(true): output.writeStaticString("true")
        case .bool(false): output.writeStaticString("false")
        case .number(let number): output.writeImmutableBuffer(number.spelling)
        case .string(let string): Self.write(string, into: &output)
        case .array(let elements):
            output.writeInteger(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.writeInteger(UInt8(ascii: ",")) }
                element.write(into: &output)
            }
            output.writeInteger(UInt8(ascii: "]"))
        case .object(let object): object.write(into: &output)
        }
    }

    /// The value's compact text.
    package var serialized: ByteBuffer {
        var output = ByteBuffer()
        // One allocation for most values, instead of one for each doubling on the way there.
        output.reserveCapacity(1024)
        self.write(into: &output)
        return output
    }

    private static func write(_ string: JSONString, into output: inout ByteBuffer) {
        output.writeInteger(UInt8(ascii: "\""))
        string.writeEscaped(into: &output)
        output.writeInteger(UInt8(ascii: "\""))
    }
}

extension JSONObject {
    /// Appends the object in compact form.
    package func write(into output: inout ByteBuffer) {
        output.writeInteger(UInt8(ascii: "{"))
        for (index, member) in self.members.enumerated() {
            if index > 0 { output.writeInteger(UInt8(ascii: ",")) }
            JSONText.writeString(member.key, into: &output)
            output.writeInteger(UInt8(ascii: ":"))
            member.value.write(into: &output)
        }
        output.writeInteger(UInt8(ascii: "}"))
    }
}

/// Finds a key that an object being read has already.
///
/// Few members are searched one by one, which needs no memory; many by a table, so that the work stays linear for text
/// that comes from outside. The table's keys are bytes, because equal strings need not be the same scalars.
private struct JSONKeyIndex {
    private var positions: [[UInt8]: Int] = [:]
    private static let largestSearch = 32

    /// Where `key` stands in `members`, or nil when it is about to be appended to them.
    mutating func insert(_ key: String, into members: [JSONObject.Member]) -> Int? {
        guard members.count >= Self.largestSearch else {
            return members.firstIndex { JSONText.areIdentical($0.key, key) }
        }
        if self.positions.isEmpty {
            for (index, member) in members.enumerated() { self.positions[Array(member.key.utf8)] = index }
        }
        let bytes = Array(key.utf8)
        if let index = self.positions[bytes] { return index }
        self.positions[bytes] = members.count
        return nil
    }
}
