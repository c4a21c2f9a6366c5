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

package enum UserRole: String, Sendable, Equatable, CaseIterable {
    case proxyAdmin = "proxy_admin"
    case proxyAdminViewer = "proxy_admin_viewer"
    case internalUser = "internal_user"
    case internalUserViewer = "internal_user_viewer"
    case customer = "customer"
    case team = "team"
    /// The chapter's word for an internal user.
    case appUser = "app_user"
}
