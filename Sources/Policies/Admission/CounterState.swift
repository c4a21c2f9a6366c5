import Domain

/// What `LimitCounters` guards.
struct CounterState: Sendable {
    var requests = SlidingWindow()
    var tokens = SlidingWindow()
    var gauge = ParallelGauge()
    /// One for each period, never removed: sets know them by their places.
    var accounts: [BudgetAccount] = []
    /// Nano-dollars spent in all.
    var total: Int64 = 0
    /// When something was last taken, in milliseconds since 1970.
    var usedAt: Int64 = 0

    init(isShared: Bool) {}

    /// Takes what a call needs: slot, request, tokens, money, in this order; all of it or nothing.
    mutating func take(_ demand: borrowing Demand, into lease: inout Lease, at now: Int64) -> Refusal? {
        let values = lease.set.values
        self.usedAt = now
        if let limit = values.parallel {
            guard self.gauge.take(limit: limit) else { return self.refuseParallel(lease.set, limit) }
            lease.holds.insert(.parallel)
            lease.parallelRemaining = UInt32(clamping: limit - Int64(self.gauge.inUse))
        }
        if let limit = values.requests {
            guard let second = self.requests.take(1, limit: limit, at: now) else {
                let refusal = self.refuse(.requests, lease.set, limit, amount: 1, window: &self.requests, at: now)
                self.undo(lease)
                return refusal
            }
            lease.holds.insert(.requests)
            lease.requestsSecond = second
            lease.requestsRemaining = UInt32(clamping: limit - self.requests.lastUsed)
        }
        if let limit = values.tokens {
            guard let second = self.tokens.take(demand.tokens, limit: limit, at: now) else {
                let amount = demand.tokens
                let refusal = self.refuse(.tokens, lease.set, limit, amount: amount, window: &self.tokens, at: now)
                self.undo(lease)
                return refusal
            }
            lease.holds.insert(.tokens)
            lease.tokensSecond = second
            lease.tokensRemaining = UInt32(clamping: limit - self.tokens.lastUsed)
        }
        return nil
    }

    mutating func undo(_ lease: borrowing Lease) {}

    mutating func finish(
        _ lease: borrowing Lease,
        refundsRequests: Bool,
        tokenDifference: Int64,
        cost: Int64
    ) -> Bool {
        false
    }

    private func refuseParallel(_ set: LimitSet, _ limit: Int64) -> Refusal {
        Refusal(
            .parallel,
            .exhausted,
            of: set.subject,
            label: set.label,
            limit: limit,
            used: Int64(self.gauge.inUse),
            requested: 1
        )
    }

    private func refuse(
        _ resource: Refusal.Resource,
        _ set: LimitSet,
        _ limit: Int64,
        amount: Int64,
        window: inout SlidingWindow,
        at now: Int64
    ) -> Refusal {
        Refusal(resource, .exhausted, of: set.subject, label: set.label, limit: limit, used: 0, requested: amount)
    }
}
