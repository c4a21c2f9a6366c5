/// What one reservation holds of one set.
struct Lease: Sendable {
    struct Holds: OptionSet {
        let rawValue: UInt8
        static let requests = Holds(rawValue: 1)
        static let tokens = Holds(rawValue: 2)
        static let parallel = Holds(rawValue: 4)
        /// The quota came from a slice of what replicas share.
        static let sharedRequests = Holds(rawValue: 8)
        static let sharedTokens = Holds(rawValue: 16)
    }

    /// Money set aside in one account.
    struct BudgetHold: Sendable {
        var account: Int32
        var epoch: BudgetAccount.Epoch
        var amount: Int64
    }

    let set: LimitSet
    var holds: Holds = []
    private(set) var requestsSecond: SlidingWindow.Second = 0
    private(set) var tokensSecond: SlidingWindow.Second = 0
    private var requestsRemaining: UInt32 = 0
    private var tokensRemaining: UInt32 = 0
    var parallelRemaining: UInt32 = 0
    /// When the shared quota was taken, by the shared clock.
    var requestsSlice: RatePool.Second = 0
    var tokensSlice: RatePool.Second = 0
    /// The first budget's; most sets have one at most.
    private var first = BudgetHold(account: -1, epoch: 0, amount: 0)
    private var further: [BudgetHold] = []

    init(_ set: LimitSet) {
        self.set = set
    }

    mutating func hold(request second: SlidingWindow.Second, remaining: Int64) {
        self.holds.insert(.requests)
        self.requestsSecond = second
        self.requestsRemaining = UInt32(clamping: remaining)
    }

    mutating func hold(tokens second: SlidingWindow.Second, remaining: Int64) {
        self.holds.insert(.tokens)
        self.tokensSecond = second
        self.tokensRemaining = UInt32(clamping: remaining)
    }

    mutating func hold(_ budget: BudgetHold) {
        if self.first.account < 0 { self.first = budget } else { self.further.append(budget) }
    }

    func hold(at place: Int) -> BudgetHold? {
        if Int(self.first.account) == place { return self.first }
        return self.further.first { Int($0.account) == place }
    }

    func left(of resource: Refusal.Resource, since admitted: Int64) -> LimitLeft? {
        let limit: Int64
        let remaining: UInt32
        let second: SlidingWindow.Second?
        switch resource {
        case .requests where self.holds.contains(.requests):
            (limit, remaining, second) = (self.set.requests, self.requestsRemaining, self.requestsSecond)
        case .tokens where self.holds.contains(.tokens):
            (limit, remaining, second) = (self.set.tokens, self.tokensRemaining, self.tokensSecond)
        case .parallel where self.holds.contains(.parallel):
            (limit, remaining, second) = (self.set.parallel, self.parallelRemaining, nil)
        default: return nil
        }
        return LimitLeft(
            subject: self.set.subject,
            limit: limit,
            remaining: Int64(remaining),
            resetMilliseconds: second.map { SlidingWindow.wait(until: $0, from: admitted) }
        )
    }
}
