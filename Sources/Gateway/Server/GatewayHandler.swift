package import Domain
package import Logging
package import NIOCore
import Synchronization
package import Transport

/// The gateway as the server sees it: a whole request comes in, its route decides who answers.
package final class GatewayHandler: RequestHandler {
    private let snapshots: SnapshotBox
    private let pipeline: Pipeline
    private let draining = Atomic<Bool>(false)

    package init(snapshots: SnapshotBox, logger: Logger) {
        self.snapshots = snapshots
        self.pipeline = Pipeline(snapshots: snapshots, logger: logger)
    }

    /// From now on readiness says no.
    package func beginDrain() {
        self.draining.store(true, ordering: .relaxed)
    }

    package func handle(_ exchange: Exchange) {
        switch RouteTable.route(exchange.head) {
        case .model(let operation, let pathModel):
            let pipeline = self.pipeline
            // The task's owner is the exchange: it ends with its answer, or soon after its client has gone.
            Task.immediate(executorPreference: exchange.lane.executor) {
                await pipeline.run(exchange, operation: operation, pathModel: pathModel)
            }
        case .models: self.guarded(exchange) { ModelsEndpoint.list(snapshot: $0) }
        case .modelDetail(let id):
            self.guarded(exchange) { snapshot throws(GatewayError) in try ModelsEndpoint.detail(id, snapshot: snapshot)
            }
        case .modelInfo: self.guarded(exchange) { ModelInfoEndpoint.list(snapshot: $0) }
        case .health(let probe):
            let (status, body) = HealthEndpoint.answer(probe, isDraining: self.draining.load(ordering: .relaxed))
            self.respond(exchange, status: status, body: body)
        case .preflight: self.preflight(exchange)
        case .notFound: self.fail(exchange, RouteTable.notFound(exchange.head))
        case .methodNotAllowed(let allowed): self.methodNotAllowed(exchange, allowed)
        }
    }

    package func refusal(_ error: GatewayError, lane: Lane) -> (headers: ByteBuffer, body: ByteBuffer) {
        var headers = ByteBuffer()
        let id = CallIdentity.makeID(lane)
        headers.writeStaticString("content-type: application/json\r\nx-request-id: ")
        headers.writeImmutableBuffer(id)
        headers.writeStaticString("\r\n")
        return (headers, ErrorBody.openAI(error))
    }

    /// Answers a request that needs a valid key.
    private func guarded(
        _ exchange: Exchange,
        _ body: (Snapshot) throws(GatewayError) -> ByteBuffer
    ) {
        let snapshot = self.snapshots.snapshot
        do throws(GatewayError) {
            _ = try Pipeline.authenticate(exchange, snapshot)
            self.respond(exchange, status: 200, body: try body(snapshot))
        } catch {
            self.fail(exchange, error)
        }
    }

    private func respond(_ exchange: Exchange, status: Int, body: ByteBuffer) {
        let identity = CallIdentity(exchange, self.snapshots.snapshot.settings)
        var headers = ByteBuffer()
        AnswerHeaders.writeCommon(identity, contentType: "application/json", into: &headers)
        ErrorAnswer.writeVersion(into: &headers)
        exchange.respond(status: status, headers: headers, body: body)
    }

    private func fail(_ exchange: Exchange, _ error: GatewayError) {
        let identity = CallIdentity(exchange, self.snapshots.snapshot.settings)
        ErrorAnswer.send(error, to: exchange, identity: identity)
    }

    private func methodNotAllowed(_ exchange: Exchange, _ allowed: String) {
        let identity = CallIdentity(exchange, self.snapshots.snapshot.settings)
        let error = GatewayError(
            .methodNotAllowed,
            "This route takes \(allowed) only.",
            code: "method_not_allowed"
        )
        ErrorAnswer.send(error, to: exchange, identity: identity, allow: allowed)
    }

    private func preflight(_ exchange: Exchange) {
        let fields = exchange.head.fields
        let policy = self.snapshots.snapshot.settings.cors
        let headers = fields.value("origin").flatMap {
            policy.preflightHeaders(origin: $0, requestedHeaders: fields.value("access-control-request-headers"))
        }
        if let headers {
            exchange.respond(status: 204, headers: headers, body: ByteBuffer())
        } else {
            self.fail(exchange, GatewayError(.permission, "Pages of this origin may not call this gateway."))
        }
    }
}
