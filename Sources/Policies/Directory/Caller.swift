package import Domain

/// Who makes a call.
package enum Caller: Sendable {
    /// The holder of the master key.
    case admin
    /// Anybody: no key is asked for.
    case anonymous
    /// The holder of a virtual key.
    case key(Principal)
}

extension Caller {
    /// The user that the master key stands for, as LiteLLM has it.
    package static let masterUser = "default_user_id"

    /// The caller as management sees it; nil for anybody.
    package var forManagement: ManagementCaller? {
        switch self {
        case .admin: ManagementCaller(credential: .master, userID: Self.masterUser, role: .proxyAdmin)
        case .anonymous: nil
        case .key(let principal): principal.forManagement
        }
    }
}
