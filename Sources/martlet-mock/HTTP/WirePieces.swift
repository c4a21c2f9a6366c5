internal import NIOCore

/// The body of an answer in the pieces it is sent in: whole, stream events, or slices of a fixed size.
struct WirePieces {
    private enum Source {
        case bytes(ByteBuffer, size: Int)
        case events(EventCursor)
    }

    private var source: Source
    private let chunked: Bool
    private var scratch = ByteBuffer()

    /// `limit` is after how many events, or bytes of a plain answer, to stop.
    init(_ body: Answer.Body, following directive: Directive, limit: Int?, chunked: Bool) {
        self.chunked = chunked
        switch body {
        case .complete(var bytes):
            let kept = bytes.readSlice(length: min(bytes.readableBytes, limit ?? .max)) ?? ByteBuffer()
            self.source = .bytes(kept, size: directive.split ?? .max)
        case .events(let events):
            var cursor = EventCursor(events, following: directive, limit: limit)
            guard let size = directive.split else {
                self.source = .events(cursor)
                return
            }
            var all = ByteBuffer()
            while !cursor.isAtEnd { cursor.writeNext(into: &all) }
            self.source = .bytes(all, size: size)
        }
    }

    var isAtEnd: Bool {
        switch self.source {
        case .bytes(let bytes, _): bytes.readableBytes == 0
        case .events(let cursor): cursor.isAtEnd
        }
    }

    /// Writes the next piece, framed as a chunk if the answer is chunked.
    mutating func writeNext(into buffer: inout ByteBuffer) {
        self.scratch.clear()
        switch self.source {
        case .bytes(var bytes, let size):
            if var piece = bytes.readSlice(length: min(size, bytes.readableBytes)) { self.scratch.writeBuffer(&piece) }
            self.source = .bytes(bytes, size: size)
        case .events(var cursor):
            cursor.writeNext(into: &self.scratch)
            self.source = .events(cursor)
        }
        guard self.scratch.readableBytes > 0 else { return }
        if self.chunked {
            buffer.writeString(String(self.scratch.readableBytes, radix: 16))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeImmutableBuffer(self.scratch)
        if self.chunked { buffer.writeStaticString("\r\n") }
    }
}
