package import Domain

/// A user declared in the file: an entry of `user_config`.
package struct UserEntry: Sendable, Equatable {
    package var userID: String
    package var email: String?
    package var alias: String?
    package var role: UserRole?
    package var maxBudget: NanoDollars?
    package var budgetDuration: BudgetPeriod?
    /// Empty means every model.
    package var models: [String] = []
    package var rpmLimit: Int?
    package var tpmLimit: Int?
    package var maxParallelRequests: Int?

    package init(userID: String) {
        self.userID = userID
    }
}
