import Domain
import NIOCore
import Providers
import Transport

/// Answers a call without an upstream: the `mock` provider and `mock_response`.
enum MockCall {
    static func answer(_ attempt: Attempt, on exchange: Exchange) throws(GatewayError) {
        let call = attempt.call
        let mock = try MockAnswer(call: call, text: attempt.target.prepared.deployment.settings.mockResponse)
        guard call.isStream, call.operation != .embeddings else {
            attempt.settle(mock.usage)
            let headers = attempt.successHeaders(contentType: "application/json")
            exchange.respond(status: 200, headers: headers, body: try mock.answer().body)
            return
        }
        exchange.startStream(
            status: 200,
            headers: attempt.successHeaders(contentType: "text/event-stream; charset=utf-8")
        )
        for event in mock.events() {
            var piece = ByteBuffer()
            ChunkFrame.begin(&piece, minimumCapacity: event.readableBytes)
            piece.writeImmutableBuffer(event)
            exchange.write(&piece)
            exchange.flush()
        }
        attempt.settle(mock.usage)
        exchange.finish()
    }
}
