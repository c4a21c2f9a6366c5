import NIOCore

/// Takes an answer's body out of its framing.
struct BodyDecoder {
    private enum Framing {
        case none
        case length(left: Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private var framing: Framing

    init(_ body: ResponseHead.Body) {
        switch body {
        case .none: self.framing = .none
        case .length(let length): self.framing = .length(left: length)
        case .chunked: self.framing = .chunked(ChunkedDecoder())
        case .untilClose: self.framing = .untilClose
        }
    }

    var endsWithConnection: Bool { if case .untilClose = self.framing { true } else { false } }

    /// The next piece of content from the front of `buffer`.
    mutating func next(_ buffer: inout ByteBuffer) throws(HeadDefect) -> ChunkedDecoder.Output {
        switch self.framing {
        case .none: return .end
        case .length(let left):
            guard left > 0 else { return .end }
            guard let data = buffer.readSlice(length: min(left, buffer.readableBytes)), data.readableBytes > 0 else {
                return .needsMore
            }
            self.framing = .length(left: left - data.readableBytes)
            return .data(data)
        case .chunked(var decoder):
            let output = try decoder.next(&buffer)
            self.framing = .chunked(decoder)
            return output
        case .untilClose:
            guard buffer.readableBytes > 0, let data = buffer.readSlice(length: buffer.readableBytes) else {
                return .needsMore
            }
            return .data(data)
        }
    }
}
