package import NIOCore

/// Turns a client connection's bytes into whole requests.
///
/// A plain state machine: no channel, no clock. ``ClientConnection`` feeds it and does what it says.
package struct RequestParser: Sendable {
    package enum Event: Sendable {
        case needsMore
        /// The client waits for `100 Continue` before it sends the body.
        case sendContinue
        case request(RequestHead, body: ByteBuffer)
        /// Nothing more can be read from this connection.
        case refused(HeadDefect)
    }

    /// Where the parser is, as far as time limits care.
    package enum Phase: Sendable, Equatable {
        case idle
        case head
        case body
    }

    private enum State: Sendable {
        case head
        case body(RequestHead, ByteBuffer)
        case chunked(RequestHead, ByteBuffer, ChunkedDecoder)
        case refused(HeadDefect)
    }

    private var state = State.head
    private var headEnd = HeadEnd()
    private var emptyLines = 0
    private var spareFields = HeaderFields()
    private let parser: RequestHeadParser
    private let limits: HeadLimits
    private let maximumBody: Int
    /// Bytes of the present body that have come in.
    package private(set) var bodyBytes = 0

    package init(limits: HeadLimits, maximumBody: Int) {
        self.parser = RequestHeadParser(limits: limits)
        self.limits = limits
        self.maximumBody = maximumBody
    }

    package func phase(buffered: Int) -> Phase {
        switch self.state {
        case .head: buffered == 0 ? .idle : .head
        case .body, .chunked: .body
        case .refused: .idle
        }
    }

    /// Lends back the memory of a finished request's field list.
    package mutating func recycle(_ head: RequestHead) {
        self.spareFields = head.fields
    }

    /// Reads on from the front of `inbound`.
    package mutating func next(_ inbound: inout ByteBuffer) -> Event {
        do throws(HeadDefect) {
            switch self.state {
            case .head: return try self.readHead(&inbound)
            case .body(let head, let body):
                self.state = .head
                return self.readBody(head, body, &inbound)
            case .chunked(let head, let body, let decoder):
                self.state = .head
                return try self.readChunks(head, body, decoder, &inbound)
            case .refused(let defect): return .refused(defect)
            }
        } catch {
            self.state = .refused(error)
            return .refused(error)
        }
    }

    private mutating func readHead(_ inbound: inout ByteBuffer) throws(HeadDefect) -> Event {
        guard try self.passEmptyLines(&inbound) else { return .needsMore }
        switch self.headEnd.find(in: inbound) {
        case .bareLineFeed: throw .bareLineFeed
        case .notYet(let lines):
            if lines == 0, inbound.readableBytes > self.limits.targetSize + 32 {
                throw .uriTooLong(limit: self.limits.targetSize)
            }
            if inbound.readableBytes > self.limits.totalSize + self.limits.targetSize + 32 {
                throw .headTooLarge(limit: self.limits.totalSize)
            }
            return .needsMore
        case .found(let length):
            self.headEnd = HeadEnd()
            self.emptyLines = 0
            let bytes = inbound.readSlice(length: length) ?? ByteBuffer()
            let spare = self.spareFields
            self.spareFields = HeaderFields()
            return try self.startBody(try self.parser.parse(bytes, reusing: spare), &inbound)
        }
    }

    /// Passes over empty lines before a request (RFC 9112, section 2.2, wants one to be); false if it may be in one.
    private mutating func passEmptyLines(_ inbound: inout ByteBuffer) throws(HeadDefect) -> Bool {
        while inbound.getInteger(at: inbound.readerIndex, as: UInt16.self) == 0x0d0a {
            inbound.moveReaderIndex(forwardBy: 2)
            self.headEnd = HeadEnd()
            self.emptyLines += 1
            guard self.emptyLines <= Self.maximumEmptyLines else { throw .badStartLine }
        }
        return inbound.readableBytes != 1 || inbound.getInteger(at: inbound.readerIndex, as: UInt8.self) != 0x0d
    }

    private static let maximumEmptyLines = 8

    private mutating func startBody(_ head: RequestHead, _ inbound: inout ByteBuffer) throws(HeadDefect) -> Event {
        self.bodyBytes = 0
        switch head.body {
        case .none: return .request(head, body: ByteBuffer())
        case .length(let length):
            guard length <= self.maximumBody else { throw .bodyTooLarge(limit: self.maximumBody) }
            if head.expectsContinue, inbound.readableBytes == 0 {
                self.state = .body(head, ByteBuffer())
                return .sendContinue
            }
            return self.readBody(head, ByteBuffer(), &inbound)
        case .chunked:
            if head.expectsContinue, inbound.readableBytes == 0 {
                self.state = .chunked(head, ByteBuffer(), ChunkedDecoder())
                return .sendContinue
            }
            return try self.readChunks(head, ByteBuffer(), ChunkedDecoder(), &inbound)
        }
    }

    private mutating func readBody(_ head: RequestHead, _ body: ByteBuffer, _ inbound: inout ByteBuffer) -> Event {
        guard case .length(let length) = head.body else { return .request(head, body: body) }
        if body.readableBytes == 0, let whole = inbound.readSlice(length: length) {
            return .request(head, body: whole)
        }
        var body = body
        if var piece = inbound.readSlice(length: min(length - body.readableBytes, inbound.readableBytes)) {
            // At most 1 MiB is set aside on the word of a header; the rest when it comes.
            if body.capacity == 0 { body.reserveCapacity(min(length, 1 << 20)) }
            body.writeBuffer(&piece)
        }
        self.bodyBytes = body.readableBytes
        guard body.readableBytes < length else { return .request(head, body: body) }
        self.state = .body(head, body)
        return .needsMore
    }

    private mutating func readChunks(
        _ head: RequestHead,
        _ body: ByteBuffer,
        _ decoder: ChunkedDecoder,
        _ inbound: inout ByteBuffer
    ) throws(HeadDefect) -> Event {
        var body = body
        var decoder = decoder
        while true {
            switch try decoder.next(&inbound) {
            case .data(var piece):
                guard body.readableBytes + piece.readableBytes <= self.maximumBody else {
                    throw .bodyTooLarge(limit: self.maximumBody)
                }
                body.writeBuffer(&piece)
                self.bodyBytes = body.readableBytes
            case .end: return .request(head, body: body)
            case .needsMore:
                self.state = .chunked(head, body, decoder)
                return .needsMore
            }
        }
    }
}
