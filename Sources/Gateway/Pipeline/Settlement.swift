import Accounting
import Domain
import NIOCore
import Policies
import Synchronization
import Transport

/// Books one call, once: reservations become what was used, and the ledger gets its record.
///
/// Lane-confined.
///
/// Whoever ends a call's answer settles first, so that the record is in the journal before the client has the answer
/// whole.
final class Settlement {
    private let books: CallBooks
    private let exchange: Exchange
    private let startedAt: WallTime
    private let identity: CallIdentity
    private let operation: Operation
    private(set) var caller: Caller
    /// What the call is known to be, as far as the stages have come.
    private var call: Facts?
    private var labels = CallLabels.none
    private var target: PlanCall.Target?
    private var reservation: Reservation?
    private(set) var size = CallSize()
    private var firstByteAt: WallTime?
    /// Set once the call is booked.
    private(set) var cost: CallCost?

    private struct Facts {
        var model: String
        var isStream: Bool
    }

    init(
        _ books: CallBooks,
        _ exchange: Exchange,
        _ identity: CallIdentity,
        _ operation: Operation
    ) {
        self.books = books
        self.exchange = exchange
        self.startedAt = exchange.lane.clock.time
        self.identity = identity
        self.operation = operation
        self.caller = .anonymous
    }

    var now: WallTime { self.exchange.lane.clock.time }

    // MARK: What the stages find out

    func identified(_ caller: Caller) {
        self.caller = caller
    }

    func read(_ call: ModelCall, _ labels: CallLabels, _ size: CallSize) {
        self.call = Facts(model: call.model, isStream: call.isStream)
        self.labels = labels
        self.size = size
    }

    func admitted(_ admission: AdmitCall.Admission) {
        self.target = admission.target
        self.reservation = admission.reservation
    }

    /// The first byte of a streamed answer is about to leave.
    func answerBegins() {
        if self.firstByteAt == nil { self.firstByteAt = self.now }
    }

    // MARK: The end

    /// What a stream used and cost: by the provider's word, else by what was relayed.
    func settleStream(_ usage: TokenUsage?, _ relayed: RelayedText, _ outcome: CallOutcome) {
        if outcome == .success, let usage {
            self.settle(usage, outcome, status: 200)
            return
        }
        var estimate = usage ?? TokenUsage(prompt: self.size.likelyInput)
        estimate.completion = max(estimate.completion, relayed.tokens)
        estimate.isEstimate = true
        self.settle(estimate, outcome, status: 200)
    }

    /// Counts an answer whose provider did not.
    func estimate(answerBytes: Int) -> TokenUsage {
        TokenUsage(prompt: self.size.likelyInput, completion: max(1, answerBytes / 4), isEstimate: true)
    }

    /// Books a call that used something.
    func settle(_ usage: TokenUsage, _ outcome: CallOutcome, status: Int) {
        guard self.cost == nil else { return }
        let cost = self.target.map { $0.prepared.prices.cost(of: usage, model: $0.model) } ?? CallCost()
        self.cost = cost
        self.reservation?.settle(tokens: Int64(clamping: usage.total), cost: cost.total)
        if case .key(let principal) = self.caller, let total = cost.total {
            principal.entry.spent.amount.wrappingAdd(total.value, ordering: .relaxed)
        }
        self.exchange.lane.counters.promptTokens += usage.prompt
        self.exchange.lane.counters.completionTokens += usage.completion
        self.append(usage, cost, outcome, status, nil)
    }

    /// Books a call that failed or was refused, and used nothing.
    func settle(_ error: GatewayError) {
        guard self.cost == nil else { return }
        let isGone = self.exchange.isClientGone
        var cost = CallCost()
        cost.total = .zero
        self.cost = cost
        self.reservation?.release()
        // Who shows no good key is in nobody's books.
        guard case .anonymous = self.caller else {
            let outcome: CallOutcome = isGone ? .cancelled : self.reservation == nil ? .refused : .failure
            self.append(TokenUsage(), cost, outcome, isGone ? 499 : error.status, error)
            return
        }
    }

    private func append(
        _ usage: TokenUsage,
        _ cost: CallCost,
        _ outcome: CallOutcome,
        _ status: Int,
        _ error: GatewayError?
    ) {
        guard self.books.keepsRecords else { return }
        let callID = String(buffer: self.identity.callID)
        let isOwn = !self.identity.isCallIDGiven
        var record = CallRecord(
            id: isOwn ? callID : String(buffer: CallIdentity.makeID(self.exchange.lane)),
            callID: callID,
            startedAt: self.startedAt,
            finishedAt: self.now,
            operation: self.operation,
            isStream: self.call?.isStream ?? false,
            requestedModel: self.call?.model ?? "",
            status: status,
            outcome: outcome
        )
        if case .key(let principal) = self.caller { record.caller = principal.record }
        if case .admin = self.caller { record.caller.userID = Caller.masterUser }
        record.caller.endUserID = self.labels.endUserID
        record.caller.sessionID = self.labels.sessionID
        record.caller.address = self.exchange.clientAddress
        for tag in self.labels.tags where !record.caller.tags.contains(tag) { record.caller.tags.append(tag) }
        if let target {
            let deployment = target.prepared.deployment
            record.modelGroup = deployment.group
            record.deploymentID = deployment.id
            record.provider = deployment.provider
            record.upstreamModel = target.model
            record.apiBase = deployment.endpoint.displayBase
            record.attempts = 1
        }
        record.firstByteAt = self.firstByteAt
        record.usage = usage
        record.cost = cost
        record.errorCode = error?.code ?? error?.type
        record.errorMessage = error?.message
        self.books.append(record, lane: self.exchange.lane.index)
    }

    // MARK: Headers

    /// Whether the caller's own limits are told, in place of the provider's.
    var hasRateLimits: Bool { self.reservation?.tightestRequests != nil || self.reservation?.tightestTokens != nil }

    /// Cost, spend and limits, as whole lines (litellm.md, section 4).
    func writeHeaders(into output: inout ByteBuffer) {
        if let reservation { LimitHeaders.write(reservation, into: &output) }
        if let cost = self.cost { CostHeaders.write(cost, into: &output) }
        guard case .key(let principal) = self.caller else { return }
        CostHeaders.writeKey(principal, into: &output)
    }
}
