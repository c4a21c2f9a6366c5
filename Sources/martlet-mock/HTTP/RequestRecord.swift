internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// One model request as `GET /_mock/requests` shows it.
final class RequestRecord: Sendable {
    enum Outcome: UInt8, AtomicRepresentable {
        case running
        case complete
        case clientClosed
    }

    private let head: HTTPRequestHead
    private let body: ByteBuffer?
    private let connection: Int
    private let startedAt: Int
    let outcome = Atomic(Outcome.running)
    let isStream = Atomic(false)

    init(head: HTTPRequestHead, body: ByteBuffer?, connection: Int) {
        self.head = head
        self.body = body
        self.connection = connection
        self.startedAt = WallClock.milliseconds
    }

    var json: JSONValue {
        let outcome: JSONValue =
            switch self.outcome.load(ordering: .relaxed) {
            case .running: "running"
            case .complete: "complete"
            case .clientClosed: "client_closed"
            }
        return [
            "method": .string(self.head.method.rawValue),
            "path": .string(self.head.uri),
            "headers": .array(self.head.headers.map { [.string($0.name), .string($0.value)] }),
            "body": JSONValue(self.body.map { String(buffer: $0) }),
            "started_at": .integer(self.startedAt),
            "connection": .integer(self.connection),
            "outcome": outcome,
        ]
    }
}
