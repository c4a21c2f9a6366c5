import NIOCore

/// Why a head is refused.
package enum HeadDefect: Error, Sendable, Equatable {
    case badStartLine
    case badVersion
    case badTarget
    case absoluteTarget
    case uriTooLong(limit: Int)
    case badFieldName
    case badFieldValue
    case foldedField
    case tooManyFields(limit: Int)
    case fieldTooLarge(limit: Int)
    case headTooLarge(limit: Int)
    case bareLineFeed
    case missingHost
    case badHost
    case badContentLength
    case duplicateContentLength
    case lengthAndEncoding
    case unsupportedEncoding
    case unsupportedExpectation
    case badChunk
    case bodyTooLarge(limit: Int)
}

/// Reads the field lines of a head whose end is known.
enum FieldLines {
    /// Reads the lines from `start` to the empty one into `fields`, whose bytes are the whole head.
    static func read(from start: Int, limits: HeadLimits, into fields: inout HeaderFields) throws(HeadDefect) {
        let head = fields.bytes
        let bytes = head.readableBytesUInt8Span
        var position = start
        while position < bytes.count {
            let end = self.lineEnd(bytes, position)
            if end == position { return }
            guard fields.items.count < limits.count else { throw .tooManyFields(limit: limits.count) }
            guard end - position <= limits.fieldSize else { throw .fieldTooLarge(limit: limits.fieldSize) }
            fields.append(try self.field(bytes, position..<end))
            position = end + 2
        }
    }

    /// The position of the CR that ends the line at `start`; every LF is known to follow a CR.
    static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] != 0x0a { position += 1 }
        return max(start, position - 1)
    }

    private static func field(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HeadDefect) -> HeaderFields.Field {
        if bytes[line.lowerBound] == 0x20 || bytes[line.lowerBound] == 0x09 { throw .foldedField }
        var colon = line.lowerBound
        while colon < line.upperBound, HTTPGrammar.isToken(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            throw .badFieldName
        }
        let value = HTTPGrammar.trimmed(bytes, colon + 1..<line.upperBound)
        for index in value where !HTTPGrammar.isFieldValue(bytes[index]) { throw .badFieldValue }
        return HeaderFields.Field(name: line.lowerBound..<colon, value: value)
    }
}

/// How large a head may be.
package struct HeadLimits: Sendable, Equatable {
    package var count: Int
    /// Unit: bytes of one field line.
    package var fieldSize: Int
    /// Unit: bytes of all field lines together.
    package var totalSize: Int
    /// Unit: bytes of a request's target.
    package var targetSize: Int

    package init(count: Int = 100, fieldSize: Int = 16_384, totalSize: Int = 65_536, targetSize: Int = 16_384) {
        self.count = count
        self.fieldSize = fieldSize
        self.totalSize = totalSize
        self.targetSize = targetSize
    }
}
