/// What a user may do, as LiteLLM names it.
package enum UserRole: String, Sendable, Hashable, Codable, CaseIterable {
    case proxyAdmin = "proxy_admin"
    case proxyAdminViewer = "proxy_admin_viewer"
    case internalUser = "internal_user"
    case internalUserViewer = "internal_user_viewer"
    case customer = "customer"
    case team = "team"
    /// The chapter's word for an internal user.
    case appUser = "app_user"
}
