import NIOCore
import Transport

/// Requests read whole and read in pieces are the same: a difference is how one is smuggled into another.
enum HTTP1Fuzz {
    private enum Seen: Equatable {
        case request(path: String, fields: Int, body: ByteBuffer, keepsAlive: Bool)
        case refused(HeadDefect)
    }

    static func run(_ input: ByteBuffer) {
        var stream = input
        let step = Int(stream.readInteger(as: UInt8.self) ?? 0) % 17 + 1
        let whole = self.read(stream, step: max(1, stream.readableBytes))
        precondition(self.read(stream, step: step) == whole, "pieces of \(step) bytes say something else")
        precondition(self.read(stream, step: 1) == whole, "single bytes say something else")
    }

    private static func read(_ stream: ByteBuffer, step: Int) -> [Seen] {
        var stream = stream
        var parser = RequestParser(limits: HeadLimits(), maximumBody: 1 << 20)
        var inbound = ByteBuffer()
        var seen: [Seen] = []
        while let piece = stream.readSlice(length: min(step, stream.readableBytes)), piece.readableBytes > 0 {
            inbound.writeImmutableBuffer(piece)
            reading: while true {
                switch parser.next(&inbound) {
                case .needsMore: break reading
                case .sendContinue: continue
                case .request(let head, let body):
                    seen.append(
                        .request(
                            path: head.pathText,
                            fields: head.fields.items.count,
                            body: body,
                            keepsAlive: head.keepsAlive
                        )
                    )
                case .refused(let defect):
                    seen.append(.refused(defect))
                    return seen
                }
            }
        }
        return seen
    }
}
