import Domain
import WireFormats

/// Makes, changes and deletes organizations.
struct OrganizationChanges: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(OrganizationFields.new, OrganizationDraft())
        let said = draft.organization
        var organization = Organization(id: draft.organizationID ?? self.desk.makeID())
        organization.alias = said.alias
        organization.models = said.models
        organization.allowance = said.allowance
        organization.budgetID = said.budgetID
        organization.isBlocked = said.isBlocked
        organization.metadata = said.metadata
        let new = organization
        let taken = GatewayError.conflict(
            "Organization with id \(FieldValue.shown(new.id)) already exists",
            param: "organization_id"
        )
        try await self.desk.checkBudget(new.budgetID)
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            change.insert(new)
        }
        return Answer.json(OrganizationRow.write(made, SpentAmounts(), at: call.now))
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(OrganizationFields.update, OrganizationDraft()).organizationID ?? ""
        let authority = Authority(self.desk, call)
        let organization = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireOrganization(id)
            var draft = OrganizationDraft(old.record)
            try OrganizationFields.update.read(call.body, into: &draft)
            let organization = draft.organization
            guard authority.changesAll || authority.isAdmin(of: old.record) else { throw authority.onlyAdmin }
            if !authority.changesAll { try Self.checkOwnChange(of: old.record, to: organization) }
            if organization.budgetID != old.record.budgetID { try await self.desk.checkBudget(organization.budgetID) }
            return change.update(old, to: organization)
        }
        return Answer.json(try await OrganizationReading(desk: self.desk).row(organization, call))
    }

    /// What an organization may use and spend is for proxy admins, not for its own.
    private static func checkOwnChange(
        of old: Organization,
        to organization: Organization
    ) throws(GatewayError) {
        var field: String?
        if organization.allowance != old.allowance { field = "max_budget and limits" }
        if organization.budgetID != old.budgetID { field = "budget_id" }
        if organization.models != old.models { field = "models" }
        if organization.isBlocked != old.isBlocked { field = "blocked" }
        guard let field else { return }
        throw .forbidden("Only proxy admins may set \(field) of an organization.", param: field)
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = Set(try call.read(OrganizationNames.many, OrganizationNames()).ids).sorted()
        guard !ids.isEmpty else {
            throw .invalid("Name the organizations to delete in 'organization_ids'.", param: "organization_ids")
        }
        let deleted = try await self.desk.change(call) { (change) throws(GatewayError) in
            var deleted: [Organization] = []
            for id in ids {
                let old = try await self.desk.requireOrganization(id)
                try await self.empty(id, &change)
                change.delete(old)
                deleted.append(old.record)
            }
            return deleted
        }
        return Answer.json(.array(deleted.map { .object(OrganizationRow.fields($0, at: call.now)) }))
    }

    /// Deletes what is in an organization; its users go on without one.
    private func empty(_ id: String, _ change: inout Change) async throws(GatewayError) {
        var query = RecordQuery()
        query.organizationID = id
        let users = try await self.desk.all(User.self, query)
        if let declared = users.first(where: { $0.record.owner == .file }) {
            throw .conflict(
                "User '\(declared.record.id)', who is declared in config.yaml, belongs to the organization: change that there."
            )
        }
        for old in users {
            var user = old.record
            user.organizationID = nil
            change.update(old, to: user)
        }
        var deleted: Set<String> = []
        for key in try await self.desk.all(VirtualKey.self, query) where deleted.insert(key.record.id).inserted {
            change.delete(key)
        }
        for team in try await self.desk.all(Team.self, query) {
            for key in try await self.desk.keys(ofTeam: team.record.id) where deleted.insert(key.record.id).inserted {
                change.delete(key)
            }
            change.delete(team)
        }
    }
}

extension Desk {
    /// - Throws: 404 in LiteLLM's words.
    func requireOrganization(_ id: String) async throws(GatewayError) -> Versioned<Organization> {
        guard let organization = try await self.find(Organization.self, id) else {
            throw .missing(
                "Organization not found for organization_id=\(FieldValue.shown(id))",
                param: "organization_id"
            )
        }
        return organization
    }
}
