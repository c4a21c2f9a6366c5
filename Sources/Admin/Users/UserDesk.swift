import Domain
import WireFormats

/// Finding users, and what goes with them.
extension Desk {
    /// - Throws: 404 in LiteLLM's words.
    func requireUser(_ id: String) async throws(GatewayError) -> Versioned<User> {
        guard let user = try await self.find(User.self, id) else { throw Self.noUser(id) }
        return user
    }

    static func noUser(_ id: String) -> GatewayError {
        .missing("User \(FieldValue.shown(id)) not found", param: "user_id")
    }

    /// The first user with this address.
    ///
    /// No index knows addresses, so every user is looked at.
    func user(email: String) async throws(GatewayError) -> Versioned<User>? {
        let wanted = email.lowercased()
        return try await self.all(User.self).first { $0.record.email?.lowercased() == wanted }
    }

    func teams(of userID: String) async throws(GatewayError) -> [Team] {
        try await self.all(Team.self).map(\.record).filter { team in team.members.contains { $0.userID == userID } }
    }

    func keys(ofUser id: String) async throws(GatewayError) -> [Versioned<VirtualKey>] {
        var query = RecordQuery()
        query.userID = id
        return try await self.all(VirtualKey.self, query)
    }

    func keys(ofTeam id: String) async throws(GatewayError) -> [Versioned<VirtualKey>] {
        var query = RecordQuery()
        query.teamID = id
        return try await self.all(VirtualKey.self, query)
    }

    /// The allowance that holds: one's own, and where it is silent the shared budget's.
    func effective(_ own: Allowance, budgetID: String?) async throws(GatewayError) -> Allowance {
        guard let budgetID, let shared = try await self.find(Budget.self, budgetID)?.record.allowance else {
            return own
        }
        var allowance = own
        allowance.maxBudget = own.maxBudget ?? shared.maxBudget
        allowance.budgetPeriod = own.budgetPeriod ?? shared.budgetPeriod
        return allowance
    }

    /// - Throws: 400 when it is named and not there.
    func checkBudget(_ id: String?) async throws(GatewayError) {
        guard let id, try await self.find(Budget.self, id) == nil else { return }
        throw .invalid("Budget doesn't exist in db. budget_id=\(FieldValue.shown(id))", param: "budget_id")
    }

    func checkOrganization(_ id: String?) async throws(GatewayError) {
        guard let id, try await self.find(Organization.self, id) == nil else { return }
        throw .invalid(
            "Organization doesn't exist in db. organization_id=\(FieldValue.shown(id))",
            param: "organization_id"
        )
    }
}
