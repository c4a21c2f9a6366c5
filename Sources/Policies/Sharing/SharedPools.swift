import Domain

/// What a replica has taken of one subject's shared counters.
struct SharedPools: Sendable {
    var requests = RatePool()
    var tokens = RatePool()
    var slots = SlotPool()
    /// By the places of the counters' accounts.
    private var budgets: [BudgetPool?] = []
    /// Whether something should go back before its time.
    var isDue = false

    /// Works on the pool of the account at `place`, whose window is `epoch`.
    mutating func budget<Result>(
        _ place: Int,
        _ epoch: BudgetAccount.Epoch,
        _ body: (inout BudgetPool) -> Result
    ) -> Result {
        while self.budgets.count <= place { self.budgets.append(nil) }
        var pool = self.budgets[place] ?? BudgetPool(epoch: epoch)
        // Taken out meanwhile, so that nothing is copied.
        self.budgets[place] = nil
        // What was set aside in an older window is forgotten with it.
        if pool.epoch != epoch { pool = BudgetPool(epoch: epoch) }
        defer { self.budgets[place] = pool }
        return body(&pool)
    }

    /// Whether a limit of the account at `place` is shared.
    func hasBudget(_ place: Int, _ epoch: BudgetAccount.Epoch) -> Bool {
        place < self.budgets.count && self.budgets[place]?.epoch == epoch
    }

    var isQuiet: Bool {
        self.requests.isQuiet && self.tokens.isQuiet && self.slots.isQuiet
            && self.budgets.allSatisfy { $0?.isQuiet ?? true }
    }
}

/// How shared limits hold at the moment.
enum SharedView: Sendable {
    /// Quota comes from pools, which are filled from the shared counters.
    case there
    /// Every replica goes by its own counts.
    case away(Away)

    struct Away: Sendable {
        var rates: SharedQuotaSettings.Fallback
        var budgets: SharedQuotaSettings.Fallback
        var replicas: Int64

        /// The own part of a limit; never nothing of something.
        func part(_ limit: Int64) -> Int64 {
            guard self.rates == .local, limit > 0, limit != LimitSet.none else { return limit }
            return max(1, limit / self.replicas)
        }
    }
}

/// Why a set could not be taken from.
enum SharedStop {
    case refused(Refusal)
    /// The pools hold too little.
    case lacking
}

/// One counter of which a call needs more than is here.
struct Lack: Sendable {
    var set: LimitSet
    var name: CounterName
    var limit: Int64
    /// What the call needs in all.
    var need: Int64
    var mayGoAlone = false
    /// Budgets only.
    var place = 0
    var epoch: BudgetAccount.Epoch = 0
    var known: Int64 = 0
    var expiresAt: Int64?
}
