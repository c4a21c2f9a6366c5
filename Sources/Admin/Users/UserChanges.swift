import Domain
import WireFormats

/// Changes of users who are there.
struct UserChanges: Sendable {
    let desk: Desk

    struct BulkRequest: Sendable {
        var users: [JSONObject] = []
    }

    static let bulkFields = FieldTable<BulkRequest>([
        Field("users", .list(of: .record(UserFields.update.descriptions)), "Each with 'user_id' and what changes.") {
            (request, value) throws(FieldProblem) in
            request.users = try FieldValue.list(value, of: .object) { (element) throws(FieldProblem) in
                guard let object = element.object else { throw .expected(.object, element) }
                return object
            }
        }.required,
        .unsupported("all_users"),
        .unsupported("user_updates"),
    ])

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        _ = try call.read(UserFields.update, UserDraft())
        let user = try await self.desk.change(call) { (change) throws(GatewayError) in
            try await self.update(call.body, call, &change)
        }
        return Answer.json(["user_id": .text(user.id), "data": try await self.row(user, call)] as JSONValue)
    }

    func bulkUpdate(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.bulkFields, BulkRequest())
        guard request.users.count <= 500 else { throw .invalid("At most 500 users at once.", param: "users") }
        let users = try await self.desk.change(call) { (change) throws(GatewayError) in
            var users: [User] = []
            for fields in request.users {
                let user = try await self.update(fields, call, &change)
                guard !users.contains(where: { $0.id == user.id }) else {
                    throw GatewayError.invalid("A user stands twice in 'users'.", param: "users")
                }
                users.append(user)
            }
            return users
        }
        var rows: [JSONValue] = []
        for user in users {
            rows.append(["user_id": .text(user.id), "success": true, "updated_user": try await self.row(user, call)])
        }
        return Answer.json(
            [
                "results": .array(rows), "total_requested": .integer(users.count),
                "successful_updates": .integer(users.count), "failed_updates": 0,
            ] as JSONValue
        )
    }

    private func row(_ user: User, _ call: ManagementCall) async throws(GatewayError) -> JSONValue {
        let allowance = try await self.desk.effective(user.allowance, budgetID: user.budgetID)
        let spent = try await self.desk.spent(.user, user.id, allowance, now: call.now)
        let teams = try await self.desk.teams(of: user.id).map(\.id)
        return .object(UserRow.write(user, spent, teams: teams, at: call.now))
    }

    private func update(
        _ body: JSONObject,
        _ call: ManagementCall,
        _ change: inout Change
    ) async throws(GatewayError) -> User {
        let old = try await self.named(body)
        var draft = UserDraft(old.record)
        try UserFields.update.read(body, into: &draft)
        let user = draft.user
        try self.checkOwner(old.record, body)
        let authority = Authority(self.desk, call)
        try await authority.requireChange(old.record)
        if !authority.changesAll {
            let admins: [UserRole?] = [.proxyAdmin, .proxyAdminViewer]
            guard user.organizationID == old.record.organizationID, !admins.contains(user.role),
                !admins.contains(old.record.role)
            else { throw authority.onlyAdmin }
        }
        if user.budgetID != old.record.budgetID { try await self.desk.checkBudget(user.budgetID) }
        if user.organizationID != old.record.organizationID {
            try await self.desk.checkOrganization(user.organizationID)
        }
        return change.update(old, to: user)
    }

    /// By id or, without one, by address.
    private func named(_ body: JSONObject) async throws(GatewayError) -> Versioned<User> {
        if let id = body["user_id"]?.string { return try await self.desk.requireUser(id) }
        guard let email = body["user_email"]?.string else { throw .invalid("'user_id': is required", param: "user_id") }
        guard let user = try await self.desk.user(email: email) else { throw Desk.noUser(email) }
        return user
    }

    /// - Throws: 409 where the file says what would be changed.
    private func checkOwner(_ user: User, _ body: JSONObject) throws(GatewayError) {
        guard user.owner == .file else { return }
        guard
            let field = body.members.first(where: { !UserFields.free.contains($0.key) && !$0.value.isNull })
                ?? body.members.first(where: { !UserFields.free.contains($0.key) })
        else { return }
        // The address may be how the user was named.
        if field.key == "user_email", body["user_id"] == nil, body.members.count == 1 { return }
        throw .conflict(
            "User '\(user.id)' is declared in config.yaml: change '\(field.key)' there.",
            param: field.key
        )
    }

    // Deletion

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = Set(try call.read(UserNames.many, UserNames()).userIDs)
        guard !ids.isEmpty else { throw .invalid("Name the users to delete in 'user_ids'.", param: "user_ids") }
        let keys = try await self.desk.change(call) { (change) throws(GatewayError) in
            var keys = 0
            for id in ids.sorted() { keys += try await self.delete(id, call, &change) }
            try await self.leave(ids, &change)
            return keys
        }
        return Answer.json(
            [
                "deleted_users": .integer(ids.count), "deleted_keys": .integer(keys),
                "user_ids": .texts(ids.sorted()),
            ] as JSONValue
        )
    }

    private func delete(_ id: String, _ call: ManagementCall, _ change: inout Change) async throws(GatewayError) -> Int
    {
        guard let user = try await self.desk.find(User.self, id) else {
            throw .missing("User not found, passed user_id=\(FieldValue.shown(id))", param: "user_ids")
        }
        try await Authority(self.desk, call).requireChange(user.record)
        guard user.record.owner == .api || user.record.isRemoved == true else {
            throw .conflict("User '\(id)' is declared in config.yaml: remove it there.", param: "user_ids")
        }
        let keys = try await self.desk.keys(ofUser: id)
        for key in keys { change.delete(key) }
        change.delete(user)
        return keys.count
    }

    /// Takes users out of the teams and organizations that they are in.
    private func leave(_ ids: Set<String>, _ change: inout Change) async throws(GatewayError) {
        for old in try await self.desk.all(Team.self) {
            var team = old.record
            team.members.removeAll { ids.contains($0.userID) }
            if team.members.count != old.record.members.count { change.update(old, to: team) }
        }
        for old in try await self.desk.all(Organization.self) {
            var organization = old.record
            organization.members.removeAll { ids.contains($0.userID) }
            if organization.members.count != old.record.members.count { change.update(old, to: organization) }
        }
    }

    func resetBudget(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(UserNames.one, UserNames()).userID ?? ""
        let (user, before) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireUser(id)
            let allowance = try await self.desk.effective(old.record.allowance, budgetID: old.record.budgetID)
            let before = try await self.desk.spent(.user, id, allowance, now: call.now)
            var user = old.record
            user.allowance.resetAt = call.now
            return (change.update(old, to: user, action: "reset"), before)
        }
        await self.desk.state?.resetSpend(.user, id)
        return Answer.json(
            [
                "user_id": .text(id), "spend": .money(.zero), "previous_spend": .money(before.current),
                "max_budget": .money(user.allowance.maxBudget),
                "budget_reset_at": AllowanceRow.resetAt(user.allowance, call.now),
            ] as JSONValue
        )
    }
}
