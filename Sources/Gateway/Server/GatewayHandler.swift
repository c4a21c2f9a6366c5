package import Domain
package import Logging
package import NIOCore
import Policies
import Synchronization
package import Transport

/// The gateway as the server sees it: a whole request comes in, its route decides who answers.
package final class GatewayHandler: RequestHandler {
    private let snapshots: SnapshotBox
    private let pipeline: Pipeline
    private let management: ManagementEndpoint?
    private let database: DatabaseWatch?
    private let quotas: Quotas
    private let draining = Atomic<Bool>(false)

    /// What readiness says of the database.
    package struct DatabaseWatch: Sendable {
        package var health: StoreHealth
        /// `allow_requests_on_db_unavailable`.
        package var isReadyWithout: Bool

        package init(health: StoreHealth, isReadyWithout: Bool) {
            self.health = health
            self.isReadyWithout = isReadyWithout
        }
    }

    package init(
        snapshots: SnapshotBox,
        books: CallBooks,
        management: (any ManagementPlane)?,
        database: DatabaseWatch?,
        logger: Logger
    ) {
        self.snapshots = snapshots
        self.quotas = books.quotas
        self.management = management.map { ManagementEndpoint($0) }
        self.database = database
        self.pipeline = Pipeline(snapshots: snapshots, books: books, logger: logger)
    }

    /// From now on readiness says no.
    package func beginDrain() {
        self.draining.store(true, ordering: .relaxed)
    }

    package func handle(_ exchange: Exchange) {
        switch RouteTable.route(exchange.head, management: { self.management?.owns($0) == true }) {
        case .model(let operation, let pathModel):
            let pipeline = self.pipeline
            // The task's owner is the exchange: it ends with its answer, or soon after its client has gone.
            Task.immediate(executorPreference: exchange.lane.executor) {
                await pipeline.run(exchange, operation: operation, pathModel: pathModel)
            }
        case .models: self.guarded(exchange) { ModelsEndpoint.list(snapshot: $0, caller: $1) }
        case .modelDetail(let id):
            self.guarded(exchange) { snapshot, caller throws(GatewayError) in
                try ModelsEndpoint.detail(id, snapshot: snapshot, caller: caller)
            }
        case .management: self.manage(exchange)
        case .health(let probe): self.answer(probe, exchange)
        case .preflight: self.preflight(exchange)
        case .notFound: self.fail(exchange, RouteTable.notFound(exchange.head))
        case .methodNotAllowed(let allowed): self.methodNotAllowed(exchange, allowed)
        }
    }

    private func answer(_ probe: HealthEndpoint.Probe, _ exchange: Exchange) {
        let state = HealthEndpoint.State(
            isDraining: self.draining.load(ordering: .relaxed),
            isDatabaseAvailable: self.database?.health.isAvailable,
            isReadyWithoutDatabase: self.database?.isReadyWithout ?? false
        )
        let (status, body) = HealthEndpoint.answer(probe, state)
        self.respond(exchange, status: status, body: body)
    }

    private func manage(_ exchange: Exchange) {
        let snapshot = self.snapshots.snapshot
        let identity = CallIdentity(exchange, snapshot.settings)
        let caller: Result<Caller, GatewayError>
        do throws(GatewayError) {
            let found = try Identify(snapshot: snapshot, quotas: self.quotas).caller(exchange)
            if case .key(let principal) = found { try principal.checkStanding(now: exchange.lane.clock.time) }
            caller = .success(found)
        } catch {
            caller = .failure(error)
        }
        self.management?.handle(exchange, identity, caller)
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
        _ body: (Snapshot, Caller) throws(GatewayError) -> ByteBuffer
    ) {
        let snapshot = self.snapshots.snapshot
        do throws(GatewayError) {
            let caller = try Identify(snapshot: snapshot, quotas: self.quotas).caller(exchange)
            if case .key(let principal) = caller { try principal.checkStanding(now: exchange.lane.clock.time) }
            self.respond(exchange, status: 200, body: try body(snapshot, caller))
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
