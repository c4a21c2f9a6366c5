package import Domain

/// The limits of somebody together with the counters they hold for.
///
/// Immutable, made by `Quotas.limits(of:label:_:at:)` when the configuration or a record changes, and kept by whoever holds
/// the caller's rights, so that a call looks nothing up. A set that is made anew for the same subject finds the same
/// counters: limits change, usage stays.
package final class LimitSet: Sendable {
    struct Budget: Sendable {
        let limit: Int64
        /// Which of the counters' accounts.
        let account: Int
    }

    package let subject: QuotaSubject
    /// For messages: an alias, a key's visible tail, a name.
    package let label: String
    package let values: LimitValues
    package let counters: LimitCounters
    /// One for each period; where `values` has several, the smallest limit.
    let budgets: [Budget]
    let softBudget: Budget?

    init(_ counters: LimitCounters, label: String, _ values: LimitValues, at now: WallTime) {
        self.subject = counters.subject
        self.label = label
        self.values = values
        self.counters = counters
        var budgets: [Budget] = []
        for budget in values.budgets {
            let account = counters.account(for: budget.period, resetAt: values.resetAt, at: now)
            if let same = budgets.firstIndex(where: { $0.account == account }) {
                budgets[same] = Budget(limit: min(budgets[same].limit, budget.limit.value), account: account)
            } else {
                budgets.append(Budget(limit: budget.limit.value, account: account))
            }
        }
        self.budgets = budgets
        self.softBudget = values.softBudget.map { soft in
            let account = counters.account(for: values.softPeriod, resetAt: values.resetAt, at: now)
            return Budget(limit: soft.value, account: account)
        }
        counters.attach()
    }

    deinit { self.counters.detach() }

    /// The periods of budgets whose spend so far nobody has said: the ledger is to be asked, and `Quotas.seed` called,
    /// before the first call that matters. A nil among them is the lifetime.
    package var unseeded: [BudgetPeriod?] { self.counters.unseeded }
}
