import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Gathers what a Hummingbird answer writes.
final class BodyCollector: ResponseBodyWriter, Sendable {
    private let buffer = Mutex(ByteBuffer())

    var body: ByteBuffer { self.buffer.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        self.buffer.withLock { body in
            if body.readableBytes == 0 {
                body = buffer
            } else {
                body.writeImmutableBuffer(buffer)
            }
        }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
