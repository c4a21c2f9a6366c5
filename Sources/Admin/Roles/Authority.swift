import Domain

/// What the caller of one request may see and change, by what things belong to.
struct Authority: Sendable {
    let desk: Desk
    let call: ManagementCall
    let standing: Standing

    init(_ desk: Desk, _ call: ManagementCall) {
        self.desk = desk
        self.call = call
        self.standing = Standing(call.caller)
    }

    var changesAll: Bool { [.admin, .master].contains(self.standing) }
    var seesAll: Bool { self.changesAll || self.standing == .viewer }
    var userID: String? { self.call.caller?.userID }

    /// The hash of the key that was shown.
    var ownKey: KeyHash? {
        if case .key(let hash)? = self.call.caller?.credential { hash } else { nil }
    }

    /// LiteLLM's refusal of somebody whose role, or whose place in a team or organization, does not reach this far.
    var onlyAdmin: GatewayError {
        guard let caller = self.call.caller else { return Refusals.onlyAdmin(nil, self.call.route) }
        return Refusals.role(caller, self.call.route, self.standing)
    }

    // Organizations

    func isAdmin(of organization: Organization) -> Bool {
        guard let userID, self.standing == .internalUser else { return false }
        return organization.members.contains { $0.userID == userID && $0.role == .orgAdmin }
    }

    func isOrganizationAdmin(_ id: String?) async throws(GatewayError) -> Bool {
        guard let id, self.userID != nil, self.standing == .internalUser else { return false }
        guard let found = try await self.desk.find(Organization.self, id) else { return false }
        return self.isAdmin(of: found.record)
    }

    func isMember(of organization: Organization) -> Bool {
        guard let userID else { return false }
        return organization.members.contains { $0.userID == userID }
    }

    /// - Throws: 401 unless the caller may change what is in this organization.
    func requireOrganization(_ id: String?) async throws(GatewayError) {
        if self.changesAll { return }
        guard try await self.isOrganizationAdmin(id) else { throw self.onlyAdmin }
    }

    // Teams

    func membership(in team: Team) -> TeamMember? {
        guard let userID else { return nil }
        return team.members.first { $0.userID == userID }
    }

    /// Whether the caller may change the team: its admin, or one of its organization.
    func mayChange(_ team: Team) async throws(GatewayError) -> Bool {
        if self.changesAll { return true }
        guard self.standing == .internalUser else { return false }
        if self.membership(in: team)?.role == .admin { return true }
        return try await self.isOrganizationAdmin(team.organizationID)
    }

    func maySee(_ team: Team) async throws(GatewayError) -> Bool {
        if self.seesAll || self.membership(in: team) != nil { return true }
        if let own = self.call.caller?.teamID, own == team.id { return true }
        return try await self.isOrganizationAdmin(team.organizationID)
    }

    func requireChange(_ team: Team) async throws(GatewayError) {
        guard try await self.mayChange(team) else {
            throw GatewayError.forbidden(
                "Call not allowed. User not proxy admin OR team admin. route=\(self.call.route.path), team_id=\(team.id)"
            )
        }
    }

    // Keys

    func maySee(_ key: VirtualKey) async throws(GatewayError) -> Bool {
        if self.seesAll || key.hash == self.ownKey { return true }
        if self.isOwn(key) { return true }
        return try await self.mayManage(key)
    }

    func mayChange(_ key: VirtualKey) async throws(GatewayError) -> Bool {
        if self.changesAll { return true }
        guard self.standing == .internalUser else { return false }
        if self.isOwn(key), key.teamID == nil { return true }
        return try await self.mayManage(key)
    }

    private func isOwn(_ key: VirtualKey) -> Bool { self.userID != nil && key.userID == self.userID }

    /// By the key's team or organization: its admins, and members whose team lets them.
    private func mayManage(_ key: VirtualKey) async throws(GatewayError) -> Bool {
        guard self.standing == .internalUser else { return false }
        if let teamID = key.teamID, let team = try await self.desk.find(Team.self, teamID)?.record {
            if try await self.mayChange(team) { return true }
            return self.membership(in: team) != nil && self.isPermitted(by: team)
                && (self.isOwn(key) || key.userID == nil)
        }
        return try await self.isOrganizationAdmin(key.organizationID)
    }

    /// Whether the team lets its plain members call this route (`team_member_permissions`).
    func isPermitted(by team: Team) -> Bool {
        team.memberPermissions?.contains(self.call.route.path) == true
    }

    func requireChange(_ key: VirtualKey) async throws(GatewayError) {
        guard try await self.mayChange(key) else {
            throw GatewayError.forbidden(
                "You are not authorized to change this key. Your user_id=\(self.userID ?? "None")"
            )
        }
    }

    // Users

    func maySee(_ user: User) async throws(GatewayError) -> Bool {
        if self.seesAll || user.id == self.userID { return true }
        return try await self.isOrganizationAdmin(user.organizationID)
    }

    /// - Throws: 401 unless the caller may change the user; admins of an organization may not touch those of the proxy.
    func requireChange(_ user: User) async throws(GatewayError) {
        if self.changesAll { return }
        guard ![.proxyAdmin, .proxyAdminViewer].contains(user.role) else { throw self.onlyAdmin }
        guard try await self.isOrganizationAdmin(user.organizationID) else { throw self.onlyAdmin }
    }
}
