/// What somebody may use and spend: common to keys, users, teams, organizations, end users, tags and shared budgets.
///
/// Everywhere nil means "no such limit" and zero means "nothing allowed"; the two never turn into each other.
package struct Allowance: Sendable, Equatable, Codable {
    package var maxBudget: NanoDollars?
    /// Passing it warns, and refuses nothing.
    package var softBudget: NanoDollars?
    /// Nil: the budget is for the whole lifetime.
    package var budgetPeriod: BudgetPeriod?
    /// Requests a minute.
    package var rpm: Int?
    /// Tokens a minute.
    package var tpm: Int?
    package var maxParallel: Int?
    /// By model group: `model_max_budget`, `model_rpm_limit`, `model_tpm_limit`.
    package var models: [String: ModelAllowance]?
    /// Further budgets that hold at the same time: `budget_limits`.
    package var windows: [WindowBudget]?
    /// Set by a budget's reset: spend up to then does not count in the window it lies in.
    package var resetAt: WallTime?

    package init() {}
}

/// What may be used and spent on one model group.
package struct ModelAllowance: Sendable, Equatable, Codable {
    package var maxBudget: NanoDollars?
    package var budgetPeriod: BudgetPeriod?
    package var rpm: Int?
    package var tpm: Int?

    package init() {}
}

/// A budget with a period of its own.
package struct WindowBudget: Sendable, Equatable, Codable {
    package var maxBudget: NanoDollars
    package var budgetPeriod: BudgetPeriod

    package init(maxBudget: NanoDollars, budgetPeriod: BudgetPeriod) {
        self.maxBudget = maxBudget
        self.budgetPeriod = budgetPeriod
    }
}
