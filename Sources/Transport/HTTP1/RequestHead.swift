package import NIOCore

/// The head of a client's request, checked.
package struct RequestHead: Sendable {
    package enum Method: Sendable, Equatable {
        case get, head, post, put, patch, delete, options
        /// A method this server has no route for.
        case other
    }

    /// How the body is delimited.
    package enum Body: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    package var method: Method
    /// The target's path, still percent-encoded; starts with a slash.
    package var path: Range<Int>
    /// The target's query without its question mark.
    package var query: Range<Int>?
    package var fields: HeaderFields
    package var body: Body
    package var keepsAlive: Bool
    /// Whether the client speaks HTTP/1.0, which has no chunked coding.
    package var isHTTP10: Bool
    package var expectsContinue: Bool

    /// The target's path as text, percent-encoding kept.
    package var pathText: String { self.fields.text(self.path) }
}

/// Reads and checks request heads (RFC 9112, sections 2 to 6).
///
/// Strict where leniency lets two servers read one message differently: bare LF, folded lines, white space before a colon,
/// repeated or listed lengths, a length beside a transfer coding, absolute targets and doubtful hosts are all refused.
package struct RequestHeadParser: Sendable {
    private let limits: HeadLimits

    package init(limits: HeadLimits) {
        self.limits = limits
    }

    /// Reads the head that `bytes` consists of.
    ///
    /// `reusing` lends the memory of an earlier head's list.
    package func parse(_ bytes: ByteBuffer, reusing fields: HeaderFields) throws(HeadDefect) -> RequestHead {
        var fields = fields
        fields.reset(bytes)
        let span = bytes.readableBytesUInt8Span
        let lineEnd = FieldLines.lineEnd(span, 0)
        var head = try self.startLine(span, 0..<lineEnd)
        guard bytes.readableBytes - lineEnd <= self.limits.totalSize + 4 else {
            throw .headTooLarge(limit: self.limits.totalSize)
        }
        try FieldLines.read(from: lineEnd + 2, limits: self.limits, into: &fields)
        try Self.interpret(fields, into: &head)
        head.fields = fields
        return head
    }

    private func startLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HeadDefect) -> RequestHead {
        var methodEnd = line.lowerBound
        while methodEnd < line.upperBound, HTTPGrammar.isToken(bytes[methodEnd]) { methodEnd += 1 }
        guard methodEnd > line.lowerBound, methodEnd < line.upperBound, bytes[methodEnd] == 0x20 else {
            throw .badStartLine
        }
        var targetEnd = methodEnd + 1
        while targetEnd < line.upperBound, bytes[targetEnd] > 0x20, bytes[targetEnd] < 0x7f { targetEnd += 1 }
        guard targetEnd - methodEnd - 1 <= self.limits.targetSize else {
            throw .uriTooLong(limit: self.limits.targetSize)
        }
        guard targetEnd < line.upperBound, bytes[targetEnd] == 0x20 else { throw .badStartLine }
        let isHTTP10 = try Self.isHTTP10(bytes, targetEnd + 1..<line.upperBound)
        let method = Self.method(bytes, line.lowerBound..<methodEnd)
        let (path, query) = try Self.target(bytes, methodEnd + 1..<targetEnd, method)
        return RequestHead(
            method: method,
            path: path,
            query: query,
            fields: HeaderFields(),
            body: .none,
            keepsAlive: !isHTTP10,
            isHTTP10: isHTTP10,
            expectsContinue: false
        )
    }

    private static func isHTTP10(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HeadDefect) -> Bool {
        // The name is case-sensitive (RFC 9112, section 2.3).
        let start = range.lowerBound
        guard range.count == 8, bytes[start] == UInt8(ascii: "H"), bytes[start + 1] == UInt8(ascii: "T"),
            bytes[start + 2] == UInt8(ascii: "T"), bytes[start + 3] == UInt8(ascii: "P"),
            bytes[start + 4] == UInt8(ascii: "/"), bytes[start + 6] == UInt8(ascii: ".")
        else { throw .badStartLine }
        guard bytes[range.lowerBound + 5] == UInt8(ascii: "1") else { throw .badVersion }
        switch bytes[range.lowerBound + 7] {
        case UInt8(ascii: "1"): return false
        case UInt8(ascii: "0"): return true
        default: throw .badVersion
        }
    }

    private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RequestHead.Method {
        let known: [(StaticString, RequestHead.Method)] = [
            ("post", .post), ("get", .get), ("head", .head), ("options", .options), ("put", .put), ("patch", .patch),
            ("delete", .delete),
        ]
        // Methods are case-sensitive: a lower-case `post` is some other method.
        for index in range where bytes[index] &- 0x61 < 26 { return .other }
        for (name, method) in known where HeaderFields.isNamed(bytes, range, name) { return method }
        return .other
    }

    private static func target(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ method: RequestHead.Method
    ) throws(HeadDefect) -> (path: Range<Int>, query: Range<Int>?) {
        guard let first = range.first else { throw .badTarget }
        if bytes[first] == UInt8(ascii: "*"), range.count == 1, method == .options { return (range, nil) }
        guard bytes[first] == UInt8(ascii: "/") else { throw .absoluteTarget }
        for index in range where bytes[index] == UInt8(ascii: "#") { throw .badTarget }
        for index in range where bytes[index] == UInt8(ascii: "?") {
            return (range.lowerBound..<index, index + 1..<range.upperBound)
        }
        return (range, nil)
    }

    /// Works out host, body and connection from the fields.
    private static func interpret(_ fields: HeaderFields, into head: inout RequestHead) throws(HeadDefect) {
        let bytes = fields.bytes.readableBytesUInt8Span
        var hosts = 0
        var length: Int?
        var isChunked = false
        for field in fields.items {
            switch field.name.count {
            case 4 where HeaderFields.isNamed(bytes, field.name, "host"):
                hosts += 1
                try self.checkHost(bytes, field.value)
            case 14 where HeaderFields.isNamed(bytes, field.name, "content-length"):
                guard length == nil else { throw .duplicateContentLength }
                guard let number = HTTPGrammar.decimal(bytes, field.value) else { throw .badContentLength }
                length = number
            case 17 where HeaderFields.isNamed(bytes, field.name, "transfer-encoding"):
                guard !isChunked, !head.isHTTP10, HeaderFields.isNamed(bytes, field.value, "chunked") else {
                    throw .unsupportedEncoding
                }
                isChunked = true
            case 6 where HeaderFields.isNamed(bytes, field.name, "expect"):
                guard HeaderFields.isNamed(bytes, field.value, "100-continue") else { throw .unsupportedExpectation }
                head.expectsContinue = !head.isHTTP10
            default: break
            }
        }
        guard hosts == 1 || (hosts == 0 && head.isHTTP10) else { throw hosts == 0 ? .missingHost : .badHost }
        if isChunked, length != nil { throw .lengthAndEncoding }
        head.body = isChunked ? .chunked : length.map { $0 == 0 ? .none : .length($0) } ?? .none
        if fields.contains("connection") {
            if fields.list("connection", contains: "close") {
                head.keepsAlive = false
            } else if head.isHTTP10, fields.list("connection", contains: "keep-alive") {
                head.keepsAlive = true
            }
        }
    }

    /// `uri-host [ ":" port ]` (RFC 9110, section 7.2): a name, an IPv4 address or an IPv6 address in brackets, and at most
    /// five digits of a port; none of the characters that a URL would read as something else.
    private static func checkHost(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HeadDefect) {
        guard let first = range.first else { throw .badHost }
        var position = first
        if bytes[first] == UInt8(ascii: "[") {
            position += 1
            while position < range.upperBound, self.isInAddress(bytes[position]) { position += 1 }
            guard position > first + 1, position < range.upperBound, bytes[position] == UInt8(ascii: "]") else {
                throw .badHost
            }
            position += 1
        } else {
            while position < range.upperBound, self.isInName(bytes[position]) { position += 1 }
            guard position > first else { throw .badHost }
        }
        guard position < range.upperBound else { return }
        guard bytes[position] == UInt8(ascii: ":"), range.upperBound - position <= 6 else { throw .badHost }
        for index in position + 1..<range.upperBound where bytes[index] &- 0x30 > 9 { throw .badHost }
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isInAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }
}
