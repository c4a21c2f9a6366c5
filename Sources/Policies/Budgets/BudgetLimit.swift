package import Domain

/// How much may be spent in a period.
package struct BudgetLimit: Sendable, Equatable {
    package var limit: NanoDollars
    /// Nil: in a whole lifetime.
    package var period: BudgetPeriod?

    package init(limit: NanoDollars, period: BudgetPeriod?) {
        self.limit = limit
        self.period = period
    }
}
