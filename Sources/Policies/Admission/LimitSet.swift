package import Domain

/// The limits of somebody together with the counters they hold for.
///
/// Immutable, made by `Quotas.limits(of:label:_:at:)` when the configuration or a record changes, and kept by whoever holds
/// the caller's rights, so that a call looks nothing up. A set that is made anew for the same subject finds the same
/// counters: limits change, usage stays.
///
/// Takes about 100 bytes and its counters 200; with very many keys, make a key's set when it first calls.
package final class LimitSet: Sendable {
    /// Stands for "no limit" in the numbers below.
    static let none = Int64.max

    /// For messages: an alias, a key's visible tail, a name.
    package let label: String
    package let counters: LimitCounters
    let requests: Int64
    let tokens: Int64
    let parallel: Int64
    let softBudget: Int64
    let softAccount: Int
    /// By the places of the counters' accounts; accounts further on have no limit in this set.
    let budgets: [Int64]

    /// `counters`: attached to already; `deinit` detaches.
    init(_ counters: LimitCounters, label: String, _ values: LimitValues, at now: WallTime) {
        self.label = label
        self.counters = counters
        self.requests = values.requests ?? Self.none
        self.tokens = values.tokens ?? Self.none
        self.parallel = values.parallel ?? Self.none
        var budgets: [Int64] = []
        for budget in values.budgets {
            let account = counters.account(for: budget.period, resetAt: values.resetAt, at: now)
            while budgets.count <= account { budgets.append(Self.none) }
            budgets[account] = min(budgets[account], budget.limit.value)
        }
        self.budgets = budgets
        if let soft = values.softBudget {
            self.softBudget = soft.value
            self.softAccount = counters.account(for: values.softPeriod, resetAt: values.resetAt, at: now)
        } else {
            self.softBudget = Self.none
            self.softAccount = -1
        }
    }

    deinit { self.counters.detach() }

    package var subject: QuotaSubject { self.counters.subject }

    /// The limit of the counters' account at `place`.
    func budget(_ place: Int) -> Int64 { place < self.budgets.count ? self.budgets[place] : Self.none }

    /// Whether nothing is limited and nothing watched: such a set only counts what is spent.
    var isEmpty: Bool {
        self.requests == Self.none && self.tokens == Self.none && self.parallel == Self.none && self.budgets.isEmpty
            && self.softAccount < 0
    }

    /// Budgets whose spend so far nobody has said: the ledger is to be asked since `start`, and `Quotas.seed` called,
    /// before the first call that matters.
    package func unseeded(at now: WallTime) -> [UnseededBudget] { self.counters.unseeded(at: now) }
}

/// A budget's window of which only the ledger knows what was spent.
package struct UnseededBudget: Sendable, Equatable {
    /// Nil: the whole lifetime.
    package var period: BudgetPeriod?
    package var start: WallTime

    package init(period: BudgetPeriod?, start: WallTime) {
        self.period = period
        self.start = start
    }
}
