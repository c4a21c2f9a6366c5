import Domain
import WireFormats

/// `/user/new`.
struct UserMaking: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(UserFields.new, UserDraft())
        let user = try await self.user(draft, call)
        let taken = GatewayError.conflict("User with id \(user.id) already exists", param: "user_id")
        let secret = draft.makesKey == false ? nil : KeySecret(random: self.desk.random)
        let key = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            guard try await self.desk.find(User.self, user.id) == nil else { throw taken }
            change.insert(user)
            try await self.join(draft.teams, user, call, &change)
            return try await self.key(secret, draft, user, call, &change)
        }
        var row = JSONObject()
        if let key, let secret {
            for member in KeyGenerated.row(key, secret, at: call.now).members { row[member.key] = member.value }
        }
        for member in UserRow.write(user, SpentAmounts(), teams: draft.teams, at: call.now).members {
            row[member.key] = member.value
        }
        row["created_at"] = .time(call.now)
        row["updated_at"] = .time(call.now)
        row["created_by"] = .text(call.author(self.desk.settings).name)
        row["updated_by"] = row["created_by"]
        return Answer.json(row)
    }

    private func user(_ draft: UserDraft, _ call: ManagementCall) async throws(GatewayError) -> User {
        var user = User(id: draft.userID ?? self.desk.makeID())
        let said = draft.user
        user.email = said.email
        user.alias = said.alias
        user.role = said.role ?? self.desk.settings.defaultRole
        user.models = said.models
        user.allowance = said.allowance
        user.budgetID = said.budgetID
        user.organizationID = said.organizationID
        user.isBlocked = said.isBlocked
        user.metadata = said.metadata
        let authority = Authority(self.desk, call)
        try await authority.requireOrganization(user.organizationID)
        if !authority.changesAll, [.proxyAdmin, .proxyAdminViewer].contains(user.role) { throw authority.onlyAdmin }
        try await self.desk.checkBudget(user.budgetID)
        try await self.desk.checkOrganization(user.organizationID)
        return user
    }

    private func join(
        _ teams: [String],
        _ user: User,
        _ call: ManagementCall,
        _ change: inout Change
    ) async throws(GatewayError) {
        for id in Set(teams) {
            guard let old = try await self.desk.find(Team.self, id) else {
                throw .invalid("Team doesn't exist in db. team_id=\(FieldValue.shown(id))", param: "teams")
            }
            try await Authority(self.desk, call).requireChange(old.record)
            var team = old.record
            team.members.append(TeamMember(userID: user.id, role: .user))
            change.update(old, to: team)
        }
    }

    private func key(
        _ secret: KeySecret?,
        _ draft: UserDraft,
        _ user: User,
        _ call: ManagementCall,
        _ change: inout Change
    ) async throws(GatewayError) -> VirtualKey? {
        guard let secret else { return nil }
        var key = VirtualKey(hash: secret.hash, name: secret.name)
        key.userID = user.id
        key.organizationID = user.organizationID
        key.alias = draft.key.key.alias
        if case .lasting(let period)? = draft.key.lifetime { key.expiresAt = period.end(from: call.now) }
        if let alias = key.alias, try await self.desk.key(alias: alias) != nil { throw Desk.aliasTaken(alias) }
        return change.insert(key)
    }
}
