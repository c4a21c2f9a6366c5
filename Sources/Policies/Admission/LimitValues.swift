package import Domain

/// The limits of somebody, as numbers; nil is none, zero is nothing allowed.
package struct LimitValues: Sendable, Equatable {
    /// Requests a minute.
    package var requests: Int64?
    /// Tokens a minute.
    package var tokens: Int64?
    package var parallel: Int64?
    package var budgets: [BudgetLimit] = []
    package var softBudget: NanoDollars?
    /// The soft budget's period; nil is the lifetime.
    package var softPeriod: BudgetPeriod?
    /// Spend up to then does not count.
    package var resetAt: WallTime?

    package init() {}

    package init(_ allowance: Allowance) {
        self.requests = allowance.rpm.map(Int64.init)
        self.tokens = allowance.tpm.map(Int64.init)
        self.parallel = allowance.maxParallel.map(Int64.init)
        if let limit = allowance.maxBudget {
            self.budgets.append(BudgetLimit(limit: limit, period: allowance.budgetPeriod))
        }
        for window in allowance.windows ?? [] {
            self.budgets.append(BudgetLimit(limit: window.maxBudget, period: window.budgetPeriod))
        }
        self.softBudget = allowance.softBudget
        self.softPeriod = allowance.budgetPeriod
        self.resetAt = allowance.resetAt
    }

    package init(_ allowance: ModelAllowance, resetAt: WallTime? = nil) {
        self.requests = allowance.rpm.map(Int64.init)
        self.tokens = allowance.tpm.map(Int64.init)
        if let limit = allowance.maxBudget {
            self.budgets.append(BudgetLimit(limit: limit, period: allowance.budgetPeriod))
        }
        self.resetAt = resetAt
    }

    /// Whether anything may refuse a call.
    package var isEmpty: Bool {
        self.requests == nil && self.tokens == nil && self.parallel == nil && self.budgets.isEmpty
    }
}
