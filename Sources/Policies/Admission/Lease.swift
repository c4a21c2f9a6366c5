/// What one reservation holds of one set.
struct Lease: Sendable {
    struct Holds: OptionSet {
        let rawValue: UInt8
        static let requests = Holds(rawValue: 1)
        static let tokens = Holds(rawValue: 2)
        static let parallel = Holds(rawValue: 4)
        static let budget = Holds(rawValue: 8)
        /// Requests, tokens or slots came from the replicas' shared quota.
        static let sharedRequests = Holds(rawValue: 16)
        static let sharedTokens = Holds(rawValue: 32)
        static let sharedParallel = Holds(rawValue: 64)
    }

    /// Money set aside in one account.
    struct BudgetHold: Sendable {
        var account: Int32
        var epoch: BudgetAccount.Epoch
        var amount: Int64
        var isShared = false
    }

    let set: LimitSet
    var holds: Holds = []
    var requestsSecond: SlidingWindow.Second = 0
    var tokensSecond: SlidingWindow.Second = 0
    var requestsRemaining: UInt32 = 0
    var tokensRemaining: UInt32 = 0
    var parallelRemaining: UInt32 = 0
    /// The first budget's; most sets have one at most.
    var budget = BudgetHold(account: -1, epoch: 0, amount: 0)
    var furtherBudgets: [BudgetHold] = []

    init(_ set: LimitSet) {
        self.set = set
    }

    func requestsLeft(since admitted: Int64) -> LimitLeft? {
        guard let limit = self.set.values.requests, self.holds.contains(.requests) else { return nil }
        return LimitLeft(
            subject: self.set.subject,
            limit: limit,
            remaining: Int64(self.requestsRemaining),
            resetMilliseconds: SlidingWindow.wait(until: self.requestsSecond, from: admitted)
        )
    }

    func tokensLeft(since admitted: Int64) -> LimitLeft? {
        guard let limit = self.set.values.tokens, self.holds.contains(.tokens) else { return nil }
        return LimitLeft(
            subject: self.set.subject,
            limit: limit,
            remaining: Int64(self.tokensRemaining),
            resetMilliseconds: SlidingWindow.wait(until: self.tokensSecond, from: admitted)
        )
    }

    var parallelLeft: LimitLeft? {
        guard let limit = self.set.values.parallel, self.holds.contains(.parallel) else { return nil }
        return LimitLeft(
            subject: self.set.subject,
            limit: limit,
            remaining: Int64(self.parallelRemaining),
            resetMilliseconds: nil
        )
    }

    /// Gives back or books what is held.
    ///
    /// - Returns: whether the soft budget was passed by it.
    func finish(refundsRequests: Bool, tokenDifference: Int64, cost: Int64) -> Bool {
        self.set.counters.finish(
            self,
            refundsRequests: refundsRequests,
            tokenDifference: tokenDifference,
            cost: cost
        )
    }
}
