import Domain

/// What a caller is to the management API, before it is known what the request is about.
///
/// Team and organization admins are internal users here: whether somebody is one of *that* team is for the handler, which
/// knows the team (``Authority``).
enum Standing: Sendable, Equatable, CaseIterable {
    case nobody
    /// A key without a user, or whose user has no role that means anything here: LiteLLM's `unknown`.
    case unknown
    case internalViewer
    case internalUser
    case viewer
    case admin
    /// The master key, and programs on this machine that could open the database anyhow.
    case master

    init(_ caller: ManagementCaller?) {
        guard let caller else {
            self = .nobody
            return
        }
        switch (caller.credential, caller.role) {
        case (.master, _), (.commandLine, _): self = .master
        case (.key, .proxyAdmin): self = .admin
        case (.key, .proxyAdminViewer): self = .viewer
        case (.key, .internalUser), (.key, .appUser): self = .internalUser
        case (.key, .internalUserViewer): self = .internalViewer
        case (.key, .customer), (.key, .team), (.key, nil): self = .unknown
        }
    }
}

/// Who may call a route.
///
/// Whatever is allowed here is narrowed further by the handler where the case says so.
enum Access: Sendable, Equatable, CaseIterable {
    /// No key is needed.
    case everybody
    /// Any valid key; the answer holds what concerns its holder only.
    case anyKey
    /// Any valid key whose user may read own things; the answer is narrowed to them.
    case ownReading
    /// Internal users for what is their own, admins of a team or organization for what is theirs, proxy admins.
    case ownChanges
    /// Admins of the team, of its organization, proxy admins.
    case teamAdmins
    /// Admins of the organization, proxy admins.
    case organizationAdmins
    /// Proxy admins and their viewers, and keys with the permission `get_spend_routes`.
    case spendReaders
    /// Proxy admins and their viewers.
    case viewers
    case admins
    case master

    func admits(_ standing: Standing, permissions: [String: Bool] = [:]) -> Bool {
        switch self {
        case .everybody: true
        case .anyKey: standing != .nobody
        case .ownReading: ![.nobody, .unknown].contains(standing)
        case .ownChanges, .teamAdmins, .organizationAdmins: [.internalUser, .admin, .master].contains(standing)
        case .spendReaders:
            [.viewer, .admin, .master].contains(standing)
                || standing != .nobody && permissions["get_spend_routes"] == true
        case .viewers: [.viewer, .admin, .master].contains(standing)
        case .admins: [.admin, .master].contains(standing)
        case .master: standing == .master
        }
    }

    /// For people.
    var description: String {
        switch self {
        case .everybody: "everybody, without a key"
        case .anyKey: "any valid key"
        case .ownReading: "users for what is their own; proxy admins and viewers for all"
        case .ownChanges: "internal users for what is their own, team and organization admins for theirs, proxy admins"
        case .teamAdmins: "admins of the team or of its organization, proxy admins"
        case .organizationAdmins: "admins of the organization, proxy admins"
        case .spendReaders: "proxy admins, viewers, keys with the permission get_spend_routes"
        case .viewers: "proxy admins and viewers"
        case .admins: "proxy admins"
        case .master: "the master key"
        }
    }
}
