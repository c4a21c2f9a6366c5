import NIOCore

/// Reads HTTP/1.1 answers from the bytes of one connection.
///
/// Only what the servers under test send is understood: a body has a `Content-Length` or is chunked. Anything else
/// is an error, so that an unexpected answer fails the run instead of being measured.
struct ResponseParser {
    enum Part {
        case head(status: Int)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case head
        case fixed(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailer
        case end
    }

    private var state = State.head
    /// False once the server has announced that it closes the connection after this answer.
    private(set) var keepsAlive = true

    /// The next part of the answer, or `nil` when the buffer has to grow first.
    ///
    /// - Throws: `LoadError.malformed` when the bytes are no answer this parser knows.
    mutating func next(_ buffer: inout ByteBuffer) throws(LoadError) -> Part? {
        while true {
            switch self.state {
            case .head:
                return try self.readHead(&buffer)
            case .fixed(let remaining):
                return self.readFixed(remaining, &buffer)
            case .chunkSize:
                guard let line = buffer.readLine() else { return nil }
                let size = try Self.chunkSize(line)
                self.state = size == 0 ? .trailer : .chunk(remaining: size)
            case .chunk(let remaining):
                guard let slice = buffer.readSlice(upTo: remaining) else { return nil }
                let rest = remaining - slice.readableBytes
                self.state = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
                return .body(slice)
            case .chunkEnd:
                guard let line = buffer.readLine() else { return nil }
                guard line.isEmpty else { throw .malformed("a chunk is longer than its size says") }
                self.state = .chunkSize
            case .trailer:
                guard let line = buffer.readLine() else { return nil }
                if line.isEmpty { self.state = .end }
            case .end:
                self.state = .head
                return .end
            }
        }
    }

    private mutating func readHead(_ buffer: inout ByteBuffer) throws(LoadError) -> Part? {
        guard let head = buffer.readHead() else { return nil }
        // One string per answer, not per event: simple is cheap enough.
        let lines = head.split(whereSeparator: \.isNewline)
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else {
            throw .malformed("no HTTP/1.1 status line")
        }
        var state: State?
        self.keepsAlive = true
        for line in lines.dropFirst() {
            let field = line.lowercased()
            if field.hasPrefix("content-length:") {
                guard let length = Int(field.dropFirst(15).filter { !$0.isWhitespace }) else {
                    throw .malformed("a content-length that is no number")
                }
                state = .fixed(remaining: length)
            } else if field.hasPrefix("transfer-encoding:"), field.hasSuffix("chunked") {
                state = .chunkSize
            } else if field.hasPrefix("connection:"), field.hasSuffix("close") {
                self.keepsAlive = false
            }
        }
        guard let state else { throw .malformed("an answer with neither content-length nor chunks") }
        self.state = state
        return .head(status: status)
    }

    private mutating func readFixed(_ remaining: Int, _ buffer: inout ByteBuffer) -> Part? {
        guard remaining > 0 else {
            self.state = .head
            return .end
        }
        guard let slice = buffer.readSlice(upTo: remaining) else { return nil }
        self.state = .fixed(remaining: remaining - slice.readableBytes)
        return .body(slice)
    }

    private static func chunkSize(_ line: ByteBufferView) throws(LoadError) -> Int {
        var size = 0
        for byte in line.prefix(while: { $0 != UInt8(ascii: ";") }) {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, size < 1 << 40 else {
                throw .malformed("a chunk size that is no number")
            }
            size = size << 4 | digit
        }
        return size
    }
}

extension ByteBuffer {
    /// Takes the bytes up to the next line feed; they are returned without the line end.
    fileprivate mutating func readLine() -> ByteBufferView? {
        let view = self.readableBytesView
        guard let lineFeed = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        self.moveReaderIndex(to: lineFeed + 1)
        let line = view[..<lineFeed]
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// Takes a whole head, blank line included, or nothing.
    fileprivate mutating func readHead() -> String? {
        let view = self.readableBytesView
        var start = view.startIndex
        while let lineFeed = view[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if lineFeed - start <= 1 {
                return self.readString(length: lineFeed + 1 - self.readerIndex)
            }
            start = lineFeed + 1
        }
        return nil
    }

    /// Takes as many bytes as there are, but no more than `length`; `nil` when there are none.
    fileprivate mutating func readSlice(upTo length: Int) -> ByteBuffer? {
        guard self.readableBytes > 0 else { return nil }
        return self.readSlice(length: Swift.min(length, self.readableBytes))
    }
}
