package import NIOCore

/// The head of an upstream's answer.
package struct ResponseHead: Sendable {
    package enum Body: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
        /// Until the connection ends.
        case untilClose
    }

    package var status: Int
    package var fields: HeaderFields
    package var body: Body
    package var keepsAlive: Bool
}

/// Reads heads of answers to requests other than HEAD (RFC 9112, sections 4 and 6.3).
package enum ResponseHeadParser {
    /// Upstreams may send more and longer fields than clients: they are few and chosen.
    static let limits = HeadLimits(count: 256, fieldSize: 65_536, totalSize: 262_144, targetSize: 0)

    package static func parse(_ bytes: ByteBuffer, reusing spare: HeaderFields) throws(HeadDefect) -> ResponseHead {
        var fields = spare
        fields.reset(bytes)
        let span = bytes.readableBytesUInt8Span
        let lineEnd = FieldLines.lineEnd(span, 0)
        let (status, isHTTP10) = try self.statusLine(span, 0..<lineEnd)
        try FieldLines.read(from: lineEnd + 2, limits: self.limits, into: &fields)
        let body = try self.body(fields, status: status)
        var keepsAlive = !isHTTP10 && body != .untilClose
        if fields.list("connection", contains: "close") { keepsAlive = false }
        // A length beside the coding is ignored, as section 6.3 says a client may; the connection is not used again.
        if body == .chunked, fields.contains("content-length") { keepsAlive = false }
        return ResponseHead(status: status, fields: fields, body: body, keepsAlive: keepsAlive)
    }

    private static func statusLine(
        _ bytes: Span<UInt8>,
        _ line: Range<Int>
    ) throws(HeadDefect) -> (status: Int, isHTTP10: Bool) {
        guard line.count >= 12, HeaderFields.isNamed(bytes, 0..<7, "http/1."), bytes[8] == 0x20,
            bytes[7] == UInt8(ascii: "1") || bytes[7] == UInt8(ascii: "0"),
            let status = HTTPGrammar.decimal(bytes, 9..<12), status >= 100,
            line.count == 12 || bytes[12] == 0x20
        else { throw .badStartLine }
        return (status, bytes[7] == UInt8(ascii: "0"))
    }

    private static func body(_ fields: HeaderFields, status: Int) throws(HeadDefect) -> ResponseHead.Body {
        if status < 200 || status == 204 || status == 304 { return .none }
        let bytes = fields.bytes.readableBytesUInt8Span
        var length: Int?
        var isChunked = false
        for field in fields.items {
            switch field.name.count {
            case 14 where HeaderFields.isNamed(bytes, field.name, "content-length"):
                guard let number = HTTPGrammar.decimal(bytes, field.value) else { throw .badContentLength }
                guard length == nil || length == number else { throw .duplicateContentLength }
                length = number
            case 17 where HeaderFields.isNamed(bytes, field.name, "transfer-encoding"):
                guard HeaderFields.isNamed(bytes, field.value, "chunked") else { throw .unsupportedEncoding }
                isChunked = true
            default: break
            }
        }
        if isChunked { return .chunked }
        guard let length else { return .untilClose }
        return length == 0 ? .none : .length(length)
    }
}
