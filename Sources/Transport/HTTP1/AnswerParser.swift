import NIOCore

/// Turns an upstream connection's bytes into an answer: its head, its content, its end.
///
/// A plain state machine, like ``RequestParser``; one value reads one answer after the other.
struct AnswerParser: Sendable {
    enum Event: Sendable {
        case needsMore
        case head(ResponseHead)
        /// Some bytes of content.
        case data(ByteBuffer)
        case end
    }

    private enum State: Sendable {
        case head
        case body(BodyDecoder)
    }

    private var state = State.head
    private var headEnd = HeadEnd()
    private var spareFields = HeaderFields()

    /// Whether the content lasts until the connection ends, so that its end is no failure.
    var endsWithConnection: Bool {
        if case .body(let decoder) = self.state { decoder.endsWithConnection } else { false }
    }

    /// Lends back the memory of a head that is not needed any more.
    mutating func recycle(_ head: ResponseHead) {
        self.spareFields = head.fields
    }

    /// Reads on from the front of `inbound`; after `.end` the next answer may begin.
    mutating func next(_ inbound: inout ByteBuffer) throws(HeadDefect) -> Event {
        guard case .body(var decoder) = self.state else { return try self.readHead(&inbound) }
        // Moved out and in again, so that the decoder is not copied.
        self.state = .head
        switch try decoder.next(&inbound) {
        case .data(let data):
            self.state = .body(decoder)
            return .data(data)
        case .needsMore:
            self.state = .body(decoder)
            return .needsMore
        case .end: return .end
        }
    }

    /// Reads the head; interim ones (100, 103) are passed over.
    private mutating func readHead(_ inbound: inout ByteBuffer) throws(HeadDefect) -> Event {
        while true {
            switch self.headEnd.find(in: inbound) {
            case .notYet:
                let limit = ResponseHeadParser.limits.totalSize
                if inbound.readableBytes > limit { throw .headTooLarge(limit: limit) }
                return .needsMore
            case .bareLineFeed: throw .bareLineFeed
            case .found(let length):
                self.headEnd = HeadEnd()
                let bytes = inbound.readSlice(length: length) ?? ByteBuffer()
                let spare = self.spareFields
                self.spareFields = HeaderFields()
                let head = try ResponseHeadParser.parse(bytes, reusing: spare)
                // Upgrades are never asked for.
                if head.status == 101 { throw .badStartLine }
                guard head.status >= 200 else { continue }
                self.state = .body(BodyDecoder(head.body))
                return .head(head)
            }
        }
    }
}
