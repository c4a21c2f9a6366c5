package import NIOCore

/// Decodes the chunked transfer coding (RFC 9112, section 7.1).
///
/// Sizes are 1 to 15 hexadecimal digits; extensions and trailers are passed over, within limits; every line ends in CR LF.
package struct ChunkedDecoder: Sendable {
    package enum Output: Sendable, Equatable {
        case needsMore
        /// Some bytes of content.
        case data(ByteBuffer)
        case end
    }

    private enum State: Sendable {
        case size
        case data(left: Int)
        case dataEnd
        case trailers(size: Int)
        case done
    }

    private var state = State.size
    /// A size with its extensions: short, as it counts towards no other limit.
    private static let maximumSizeLine = 256
    private static let maximumTrailer = 4096
    private static let maximumTrailers = 65_536

    package init() {}

    /// The next piece from the front of `buffer`; call it until it wants more.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HeadDefect) -> Output {
        while true {
            switch self.state {
            case .size:
                guard let line = try Self.line(&buffer, limit: Self.maximumSizeLine) else { return .needsMore }
                let size = try Self.size(line)
                self.state = size == 0 ? .trailers(size: 0) : .data(left: size)
            case .data(let left):
                guard let data = buffer.readSlice(length: min(left, buffer.readableBytes)), data.readableBytes > 0
                else { return .needsMore }
                let rest = left - data.readableBytes
                self.state = rest == 0 ? .dataEnd : .data(left: rest)
                return .data(data)
            case .dataEnd:
                guard let end = buffer.readInteger(as: UInt16.self) else { return .needsMore }
                guard end == 0x0d0a else { throw .badChunk }
                self.state = .size
            case .trailers(let size):
                guard let line = try Self.line(&buffer, limit: Self.maximumTrailer) else { return .needsMore }
                let total = size + line.readableBytes
                guard total <= Self.maximumTrailers else { throw .headTooLarge(limit: Self.maximumTrailers) }
                self.state = line.readableBytes == 0 ? .done : .trailers(size: total)
            case .done: return .end
            }
        }
    }

    /// One line without its CR LF.
    private static func line(_ buffer: inout ByteBuffer, limit: Int) throws(HeadDefect) -> ByteBuffer? {
        let length = try self.lineLength(buffer.readableBytesUInt8Span, limit: limit)
        guard let length, let line = buffer.readSlice(length: length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }

    private static func lineLength(_ bytes: Span<UInt8>, limit: Int) throws(HeadDefect) -> Int? {
        for index in 0..<min(bytes.count, limit) {
            switch bytes[index] {
            case 0x0d:
                guard index + 1 < bytes.count else { return nil }
                guard bytes[index + 1] == 0x0a else { throw .badChunk }
                return index
            case 0x0a, 0..<0x09, 0x0b..<0x20, 0x7f: throw .badChunk
            default: continue
            }
        }
        if bytes.count >= limit { throw .badChunk }
        return nil
    }

    private static func size(_ line: ByteBuffer) throws(HeadDefect) -> Int {
        let bytes = line.readableBytesUInt8Span
        var size = 0
        var index = 0
        while index < bytes.count, index < 16 {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: size = size << 4 | Int(byte - 0x30)
            case 0x41...0x46: size = size << 4 | Int(byte - 0x41 + 10)
            case 0x61...0x66: size = size << 4 | Int(byte - 0x61 + 10)
            default:
                guard index > 0, byte == UInt8(ascii: ";") else { throw .badChunk }
                return size
            }
            index += 1
        }
        guard index > 0, index < 16 else { throw .badChunk }
        return size
    }
}
