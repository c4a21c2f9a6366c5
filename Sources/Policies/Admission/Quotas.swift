package import Domain
import Synchronization

/// All limits, and who has used how much of them.
///
/// `admit`, and what ends a reservation, are synchronous and lock one subject's counters at a time, for well under a
/// microsecond; any thread may call. Only `fetch` waits, and only where replicas share their counters.
package final class Quotas: Sendable {
    let registry: CounterRegistry
    let sharing: SharedQuota?

    /// Limits of this process alone, or, with `shared`, of all replicas together.
    ///
    /// - Parameters:
    ///   - shared: the counters that replicas share; nil when this process is the only one.
    ///   - settings: how they are shared.
    ///   - report: hears when the shared counters go away and come back; must not block.
    package init(
        shared: (any SharedCounters)? = nil,
        settings: SharedQuotaSettings = SharedQuotaSettings(),
        report: @escaping @Sendable (SharedQuotaChange) -> Void = { _ in }
    ) {
        let sharing = shared.map { SharedQuota($0, settings, report) }
        self.sharing = sharing
        self.registry = CounterRegistry(sharing: sharing)
    }

    /// Somebody's limits, with the counters that are known for `subject` or fresh ones.
    package func limits(of subject: QuotaSubject, label: String, _ values: LimitValues, at now: WallTime) -> LimitSet {
        LimitSet(self.registry.counters(of: subject, attaching: true), label: label, values, at: now)
    }

    /// Lets a call in or says which limit refuses it; nothing is held for a call that is not let in.
    ///
    /// Sets are asked in the demand's order, and of each set the slot first, then the request, the tokens, and the budgets
    /// in their order; the first that refuses is named.
    ///
    /// - Parameters:
    ///   - demand: what the call needs.
    ///   - alone: whether to go by own counts, because the shared ones did not answer this call.
    /// - Returns: `.needsShared` only where replicas share their counters.
    package func admit(_ demand: borrowing Demand, alone: Bool = false) -> Verdict {
        let view = self.sharing?.view(alone: alone)
        var leases: [Lease] = []
        leases.reserveCapacity(demand.more.count + demand.sets.count)
        for set in demand.more {
            if let stop = self.take(set, demand, view, &leases) { return stop }
        }
        for set in demand.sets {
            if let stop = self.take(set, demand, view, &leases) { return stop }
        }
        return .admitted(Reservation(leases, tokens: demand.tokens, admittedAt: demand.now.milliseconds))
    }

    private func take(
        _ set: LimitSet,
        _ demand: borrowing Demand,
        _ view: SharedView?,
        _ leases: inout [Lease]
    ) -> Verdict? {
        var lease = Lease(set)
        if !set.isEmpty, let view {
            let stop = set.counters.state.withLock { state in state.take(demand, into: &lease, view) }
            if case .away = view { set.counters.changed(isDue: false) }
            if let stop {
                Self.undo(leases, tokens: demand.tokens)
                guard case .refused(let refusal) = stop else { return .needsShared(self.shortage(demand)) }
                return .refused(refusal)
            }
        } else if !set.isEmpty {
            let refusal = set.counters.state.withLock { state in state.take(demand, into: &lease) }
            if let refusal {
                Self.undo(leases, tokens: demand.tokens)
                return .refused(refusal)
            }
        }
        leases.append(lease)
        return nil
    }

    private static func undo(_ leases: [Lease], tokens: Int64) {
        for lease in leases.reversed() where !lease.set.isEmpty {
            lease.set.counters.state.withLock { state in state.undo(lease, tokens: tokens) }
        }
    }

    /// The most the demanded call may cost under all its budgets: for `budget_mode: strict`; nil without a budget.
    package func affordable(_ demand: borrowing Demand) -> NanoDollars? {
        var least = LimitSet.none
        for set in demand.more { least = min(least, set.affordable(at: demand.now)) }
        for set in demand.sets { least = min(least, set.affordable(at: demand.now)) }
        return least == LimitSet.none ? nil : NanoDollars(least)
    }
}
