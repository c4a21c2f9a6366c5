import Domain
import Logging
import NIOCore
import Policies
import Transport

/// A model call's way through: who, what, where to, and back.
///
/// One function a stage, in the order they run.
struct Pipeline: Sendable {
    let snapshots: SnapshotBox
    let logger: Logger

    /// Runs on the exchange's lane from its first line to its last.
    func run(_ exchange: Exchange, operation: Operation, pathModel: String?) async {
        let snapshot = self.snapshots.snapshot
        let identity = CallIdentity(exchange, snapshot.settings)
        var tried: Attempt?
        do throws(GatewayError) {
            let attempt = try Self.decide(exchange, operation, pathModel, identity, snapshot)
            tried = attempt
            if let route = attempt.target.route, !attempt.target.prepared.isMock {
                try await attempt.run(route)
            } else {
                try MockCall.answer(attempt, on: exchange)
            }
            self.settle(attempt, exchange)
        } catch {
            self.refuse(exchange, identity, error, tried)
        }
    }

    /// The stages that need no waiting: who calls, what for, and where it goes.
    ///
    /// A function of its own, so that nothing but the attempt holds the request's body afterwards.
    private static func decide(
        _ exchange: Exchange,
        _ operation: Operation,
        _ pathModel: String?,
        _ identity: CallIdentity,
        _ snapshot: Snapshot
    ) throws(GatewayError) -> Attempt {
        _ = try self.authenticate(exchange, snapshot)
        let call = try ReadCall.read(
            exchange,
            operation: operation,
            pathModel: pathModel,
            identity: identity,
            settings: snapshot.settings
        )
        let target = try PlanCall.target(call, snapshot: snapshot, lane: exchange.lane)
        return Attempt(call, target, exchange: exchange, identity: identity, settings: snapshot.settings)
    }

    /// The stage that finds out who calls.
    static func authenticate(_ exchange: Exchange, _ snapshot: Snapshot) throws(GatewayError) -> Caller {
        guard snapshot.authentication.needsKey else { return .anonymous }
        let headers = RequestKeyHeaders(exchange.head.fields)
        let key = PresentedKey.find(customHeader: snapshot.settings.keyHeader, in: headers)
        return try snapshot.authentication.caller(presenting: key.readableBytesUInt8Span)
    }

    /// The stage that books what an answer used.
    private func settle(_ attempt: Attempt, _ exchange: Exchange) {
        let usage = attempt.usage ?? TokenUsage()
        exchange.lane.counters.promptTokens += usage.prompt
        exchange.lane.counters.completionTokens += usage.completion
        self.logger.debug(
            "call settled",
            metadata: [
                "call.id": "\(attempt.call.id)", "model": "\(attempt.call.model)",
                "deployment.id": "\(attempt.target.prepared.deployment.id)",
                "tokens.prompt": "\(usage.prompt)", "tokens.completion": "\(usage.completion)",
                "bytes.out": "\(exchange.bytesWritten)",
            ]
        )
    }

    private func refuse(_ exchange: Exchange, _ identity: CallIdentity, _ error: GatewayError, _ attempt: Attempt?) {
        guard !exchange.isClientGone else { return }
        ErrorAnswer.send(error, to: exchange, identity: identity, attempt: attempt)
        self.logger.debug(
            "call refused",
            metadata: [
                "call.id": "\(String(buffer: identity.callID))", "status": "\(error.status)",
                "reason": "\(error.message)",
            ]
        )
    }
}

/// A request's headers as authentication reads them.
struct RequestKeyHeaders: KeyHeaders {
    private let fields: HeaderFields

    init(_ fields: HeaderFields) {
        self.fields = fields
    }

    func header(_ name: StaticString) -> ByteBuffer? {
        self.fields.range(name).map { self.fields.slice($0) }
    }

    func header(named name: String) -> ByteBuffer? {
        let wanted = name.lowercased()
        for item in self.fields.items where self.fields.text(item.name).lowercased() == wanted {
            return self.fields.slice(item.value)
        }
        return nil
    }
}
