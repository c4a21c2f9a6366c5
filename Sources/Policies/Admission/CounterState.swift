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
    /// One at most: most processes share nothing.
    var shared: [SharedPools] = []

    /// The place of the account for `period`, opened where there is none.
    mutating func place(of period: BudgetPeriod?, at now: WallTime) -> Int {
        if let known = self.accounts.firstIndex(where: { $0.period == period }) { return known }
        self.accounts.append(BudgetAccount(period: period, resetAt: nil, at: now))
        return self.accounts.count - 1
    }

    /// Takes what a call needs: slot, request, tokens, money, in this order; all of it or nothing.
    mutating func take(_ demand: borrowing Demand, into lease: inout Lease) -> Refusal? {
        let now = demand.now.milliseconds
        self.usedAt = now
        let set = lease.set
        if set.parallel != LimitSet.none {
            guard self.gauge.take(limit: set.parallel) else { return self.refuseSlot(set) }
            lease.holds.insert(.parallel)
            lease.parallelRemaining = UInt32(clamping: set.parallel - Int64(self.gauge.inUse))
        }
        if set.requests != LimitSet.none {
            guard let second = self.requests.take(1, limit: set.requests, at: now) else {
                self.undo(lease, tokens: demand.tokens)
                return self.refuseRequest(set, at: now)
            }
            lease.hold(request: second, remaining: set.requests - self.requests.lastUsed)
        }
        if set.tokens != LimitSet.none {
            guard let second = self.tokens.take(demand.tokens, limit: set.tokens, at: now) else {
                self.undo(lease, tokens: demand.tokens)
                return self.refuseTokens(set, demand.tokens, at: now)
            }
            lease.hold(tokens: second, remaining: set.tokens - self.tokens.lastUsed)
        }
        for place in self.accounts.indices {
            let limit = set.budget(place)
            let answer = self.accounts[place].hold(
                demand.costBound?.value,
                limit: limit,
                mayGoAlone: demand.mayGoAlone,
                at: now
            )
            guard case .held(let amount, let epoch) = answer else {
                self.undo(lease, tokens: demand.tokens)
                return self.refuseMoney(set, place, limit, answer, demand)
            }
            lease.hold(Lease.BudgetHold(account: Int32(place), epoch: epoch, amount: amount))
        }
        return nil
    }

    /// Ends what a lease holds: `cost` is 0 for a call that cost nothing or nobody knows what.
    ///
    /// - Returns: whether the soft budget was passed by it.
    mutating func finish(_ lease: borrowing Lease, refundsRequests: Bool, tokenDifference: Int64, cost: Int64) -> Bool {
        if lease.holds.contains(.parallel) { self.gauge.release() }
        if refundsRequests, lease.holds.contains(.requests) {
            self.requests.correct(by: -1, in: lease.requestsSecond)
        }
        if !self.shared.isEmpty { self.finishShared(lease, refundsRequests, tokenDifference) }
        if tokenDifference != 0, lease.holds.contains(.tokens) {
            self.tokens.correct(by: tokenDifference, in: lease.tokensSecond)
        }
        self.total = (NanoDollars(self.total) + NanoDollars(cost)).value
        let soft = lease.set.softAccount
        let before = soft >= 0 ? self.accounts[soft].spent : 0
        for place in self.accounts.indices {
            let hold = lease.hold(at: place)
            if let hold {
                self.accounts[place].settle(held: hold.amount, epoch: hold.epoch, cost: cost)
            } else {
                self.accounts[place].book(cost)
            }
            if !self.shared.isEmpty { self.settleShared(lease.set, place, hold, cost) }
        }
        guard soft >= 0 else { return false }
        return before < lease.set.softBudget && self.accounts[soft].spent >= lease.set.softBudget
    }

    /// Takes back what a lease was given a moment ago, the request included.
    mutating func undo(_ lease: borrowing Lease, tokens: Int64) {
        if lease.holds.contains(.parallel) { self.gauge.release() }
        if lease.holds.contains(.requests) { self.requests.correct(by: -1, in: lease.requestsSecond) }
        if lease.holds.contains(.tokens) { self.tokens.correct(by: -tokens, in: lease.tokensSecond) }
        if !self.shared.isEmpty { self.undoShared(lease, tokens) }
        for place in self.accounts.indices {
            guard let hold = lease.hold(at: place) else { continue }
            self.accounts[place].settle(held: hold.amount, epoch: hold.epoch, cost: 0)
            if !self.shared.isEmpty { self.settleShared(lease.set, place, hold, 0) }
        }
    }
}
