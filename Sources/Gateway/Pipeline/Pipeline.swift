import Domain
import Logging
import NIOCore
import Policies
import Transport

/// A model call's way through: who, what, may they, where to, and back.
///
/// One function a stage, in the order they run.
struct Pipeline: Sendable {
    let snapshots: SnapshotBox
    let books: CallBooks
    let logger: Logger

    /// Runs on the exchange's lane from its first line to its last.
    func run(_ exchange: Exchange, operation: Operation, pathModel: String?) async {
        let snapshot = self.snapshots.snapshot
        let identity = CallIdentity(exchange, snapshot.settings)
        let settlement = Settlement(self.books, exchange, identity, operation)
        var tried: Attempt?
        do throws(GatewayError) {
            let attempt = try await self.decide(exchange, operation, pathModel, identity, snapshot, settlement)
            tried = attempt
            if let route = attempt.target.route, !attempt.target.prepared.isMock {
                try await attempt.run(route)
            } else {
                try MockCall.answer(attempt, on: exchange)
            }
            self.log(attempt, exchange)
        } catch {
            settlement.settle(error)
            self.refuse(exchange, identity, error, tried)
        }
    }

    /// The stages before anything is sent: who calls, what for, whether they may, and where it goes.
    ///
    /// A function of its own, so that nothing but the attempt holds the request's body afterwards.
    private func decide(
        _ exchange: Exchange,
        _ operation: Operation,
        _ pathModel: String?,
        _ identity: CallIdentity,
        _ snapshot: Snapshot,
        _ settlement: Settlement
    ) async throws(GatewayError) -> Attempt {
        let caller = try Identify(snapshot: snapshot, quotas: self.books.quotas).caller(exchange)
        settlement.identified(caller)
        try self.books.checkWritable(lane: exchange.lane.index)
        var call = try ReadCall.read(
            exchange,
            operation: operation,
            pathModel: pathModel,
            identity: identity,
            settings: snapshot.settings
        )
        let labels = CallLabels(call, exchange.head.fields, snapshot.settings)
        let size = CallSize(call)
        settlement.read(call, labels, size)
        let stage = AdmitCall(
            books: self.books,
            snapshot: snapshot,
            lane: exchange.lane,
            caller: caller,
            labels: labels,
            size: size
        )
        let admission = try await stage.admit(call)
        settlement.admitted(admission)
        if let limit = admission.outputLimit { call.limitOutput(to: limit) }
        return Attempt(
            call,
            admission.target,
            exchange: exchange,
            identity: identity,
            settings: snapshot.settings,
            settlement: settlement
        )
    }

    private func log(_ attempt: Attempt, _ exchange: Exchange) {
        self.logger.debug(
            "call answered",
            metadata: [
                "call.id": "\(attempt.call.id)", "model": "\(attempt.call.model)",
                "deployment.id": "\(attempt.target.prepared.deployment.id)", "bytes.out": "\(exchange.bytesWritten)",
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
