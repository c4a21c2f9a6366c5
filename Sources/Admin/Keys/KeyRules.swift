import Domain

/// What must be true of a key that somebody makes or changes: whose it may be, and that what it points to exists.
struct KeyRules: Sendable {
    let desk: Desk
    let authority: Authority

    /// Fills in what a key that somebody makes for themselves takes from them.
    ///
    /// - Throws: LiteLLM's 403 for keys for others.
    func own(_ key: inout VirtualKey) async throws(GatewayError) {
        guard !self.authority.changesAll else { return }
        guard let userID = self.authority.userID else { throw self.authority.onlyAdmin }
        if let permissions = key.permissions, permissions.values.contains(true) { throw Self.onlyAdmins("permissions") }
        if let teamID = key.teamID {
            let team = try await self.team(teamID)
            if try await self.authority.mayChange(team) { return }
            guard self.authority.membership(in: team) != nil, self.authority.isPermitted(by: team) else {
                throw .forbidden(
                    "Team member does not have permissions for endpoint: \(self.authority.call.route.path). "
                        + "You are not an admin of the team, and its team_member_permissions do not name the route.",
                    param: "team_id"
                )
            }
        } else if let organization = key.organizationID,
            try await self.authority.isOrganizationAdmin(organization)
        {
            return
        }
        if let wanted = key.userID, wanted != userID {
            throw .forbidden(
                "User can only create keys for themselves. Got user_id=\(wanted), Your ID=\(userID)",
                param: "user_id"
            )
        }
        key.userID = userID
        if key.organizationID != nil, key.teamID == nil { throw Self.onlyAdmins("organization_id") }
    }

    /// - Throws: 403 where somebody who merely owns a key would change what only others may: whose it is, and limits
    ///   that others set.
    func checkChange(of old: VirtualKey, to key: VirtualKey) async throws(GatewayError) {
        guard !self.authority.changesAll else { return }
        try await self.authority.requireChange(old)
        if key.permissions != old.permissions { throw Self.onlyAdmins("permissions") }
        if let teamID = key.teamID, teamID != old.teamID {
            try await self.authority.requireChange(try await self.team(teamID))
        }
        if try await self.manages(old) { return }
        if key.teamID != old.teamID { throw Self.onlyAdmins("team_id") }
        if key.userID != old.userID { throw Self.onlyAdmins("user_id") }
        if key.organizationID != old.organizationID { throw Self.onlyAdmins("organization_id") }
        // Whoever blocked the key had a reason, so its owner cannot undo it.
        if old.isBlocked == true, key.isBlocked != true { throw Self.onlyAdmins("blocked") }
        guard old.stamp.createdBy != self.authority.userID else { return }
        if key.allowance != old.allowance { throw Self.onlyAdmins("max_budget and limits") }
        if key.budgetID != old.budgetID { throw Self.onlyAdmins("budget_id") }
        if key.models != old.models { throw Self.onlyAdmins("models") }
        if key.expiresAt != old.expiresAt { throw Self.onlyAdmins("duration") }
        if key.allowedRoutes != old.allowedRoutes { throw Self.onlyAdmins("allowed_routes") }
        if key.isBlocked != old.isBlocked { throw Self.onlyAdmins("blocked") }
    }

    /// Whether the caller stands above the key's owner: an admin of its team or organization.
    func manages(_ key: VirtualKey) async throws(GatewayError) -> Bool {
        if self.authority.changesAll { return true }
        if let id = key.teamID, let team = try await self.desk.find(Team.self, id)?.record {
            return try await self.authority.mayChange(team)
        }
        return try await self.authority.isOrganizationAdmin(key.organizationID)
    }

    private static func onlyAdmins(_ field: String) -> GatewayError {
        .forbidden("Only proxy admins, or admins of the key's team or organization, may set \(field).", param: field)
    }

    /// Checks what the key points to, and adds the user if an admin names one who is not known, as LiteLLM does.
    func resolve(_ key: inout VirtualKey, since old: VirtualKey?, _ change: inout Change) async throws(GatewayError) {
        if let id = key.teamID, id != old?.teamID {
            let team = try await self.team(id)
            key.organizationID = key.organizationID ?? team.organizationID
        }
        if let id = key.organizationID, id != old?.organizationID,
            try await self.desk.find(Organization.self, id) == nil
        {
            throw .invalid(
                "Organization doesn't exist in db. organization_id=\(FieldValue.shown(id))",
                param: "organization_id"
            )
        }
        if let id = key.budgetID, id != old?.budgetID, try await self.desk.find(Budget.self, id) == nil {
            throw .invalid("Budget doesn't exist in db. budget_id=\(FieldValue.shown(id))", param: "budget_id")
        }
        if let alias = key.alias, alias != old?.alias, try await self.desk.key(alias: alias) != nil {
            throw Desk.aliasTaken(alias)
        }
        if let id = key.userID, id != old?.userID, try await self.desk.find(User.self, id) == nil {
            var user = User(id: id)
            user.role = self.desk.settings.defaultRole
            change.insert(user)
        }
    }

    private func team(_ id: String) async throws(GatewayError) -> Team {
        guard let found = try await self.desk.find(Team.self, id) else {
            throw .invalid("Team doesn't exist in db. team_id=\(FieldValue.shown(id))", param: "team_id")
        }
        return found.record
    }
}
