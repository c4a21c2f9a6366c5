import Domain

/// What must be true of a team that somebody makes or changes.
struct TeamRules: Sendable {
    let desk: Desk
    let authority: Authority

    init(_ desk: Desk, _ call: ManagementCall) {
        self.desk = desk
        self.authority = Authority(desk, call)
    }

    /// - Throws: 401 for who is no admin of the organization it would be in; 400 where it points to what is not there.
    func checkNew(_ team: Team) async throws(GatewayError) {
        try await self.authority.requireOrganization(team.organizationID)
        try await self.desk.checkOrganization(team.organizationID)
        try await self.desk.checkBudget(team.budgetID)
    }

    /// A team's own admins manage its members and keys; what the team may use and spend is for those above it.
    ///
    /// - Throws: 403 where somebody changes what they may not; 400 where the team would point to what is not there.
    func checkChange(of old: Team, to team: Team) async throws(GatewayError) {
        try await self.authority.requireChange(old)
        if team.organizationID != old.organizationID {
            try await self.authority.requireOrganization(team.organizationID)
            try await self.desk.checkOrganization(team.organizationID)
        }
        if team.budgetID != old.budgetID { try await self.desk.checkBudget(team.budgetID) }
        guard try await !self.authority.stands(above: old) else { return }
        if team.organizationID != old.organizationID { throw Self.onlyAbove("organization_id") }
        if team.allowance != old.allowance { throw Self.onlyAbove("max_budget and limits") }
        if team.budgetID != old.budgetID { throw Self.onlyAbove("budget_id") }
        if team.isBlocked != old.isBlocked { throw Self.onlyAbove("blocked") }
        if team.aliases != old.aliases { throw Self.onlyAbove("model_aliases") }
        if !Self.isNarrower(team.models, than: old.models) { throw Self.onlyAbove("models") }
    }

    /// Whether `models` lets through no more than `old` did; an empty list is all.
    private static func isNarrower(_ models: [String], than old: [String]) -> Bool {
        if old.isEmpty { return true }
        return !models.isEmpty && models.allSatisfy(old.contains)
    }

    private static func onlyAbove(_ field: String) -> GatewayError {
        .forbidden("Only proxy admins, or admins of the team's organization, may set \(field) of a team.", param: field)
    }
}

extension Authority {
    /// Whether the caller decides what the team may use and spend: a proxy admin, or an admin of its organization.
    func stands(above team: Team) async throws(GatewayError) -> Bool {
        if self.changesAll { return true }
        return try await self.isOrganizationAdmin(team.organizationID)
    }

    /// - Throws: 401 unless the caller decides what the team may use and spend.
    func requireStanding(above team: Team) async throws(GatewayError) {
        guard try await self.stands(above: team) else { throw self.onlyAdmin }
    }
}

extension Desk {
    /// - Throws: 404 in LiteLLM's words.
    func requireTeam(_ id: String) async throws(GatewayError) -> Versioned<Team> {
        guard let team = try await self.find(Team.self, id) else {
            throw .missing("Team not found, passed team id: \(FieldValue.shown(id)).", param: "team_id")
        }
        return team
    }
}
