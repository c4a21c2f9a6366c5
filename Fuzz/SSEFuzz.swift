import NIOCore
import WireFormats

/// A stream read whole and read in pieces says the same.
enum SSEFuzz {
    private struct Said: Equatable {
        var name: ByteBuffer
        var data: ByteBuffer?
    }

    static func run(_ input: ByteBuffer) {
        var stream = input
        let step = Int(stream.readInteger(as: UInt8.self) ?? 0) % 17 + 1
        let whole = self.read(stream, step: max(1, stream.readableBytes))
        precondition(self.read(stream, step: step) == whole, "pieces of \(step) bytes say something else")
        precondition(self.read(stream, step: 1) == whole, "single bytes say something else")
    }

    private static func read(_ stream: ByteBuffer, step: Int) -> [Said] {
        var stream = stream
        var parser = SSEParser()
        var said: [Said] = []
        do {
            while let piece = stream.readSlice(length: min(step, stream.readableBytes)), piece.readableBytes > 0 {
                parser.append(piece)
                while let event = try parser.next() { said.append(Said(name: event.name, data: event.data)) }
            }
        } catch {
            preconditionFailure("no input is that long")
        }
        if let event = parser.finish() { said.append(Said(name: event.name, data: event.data)) }
        return said
    }
}
