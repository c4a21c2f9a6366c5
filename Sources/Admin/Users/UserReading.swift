import Domain
import WireFormats

/// What `/user/list` may be asked for.
struct UserFilter: Sendable {
    var paging = PageRequest()
    var role: UserFields.Role?
    var userIDs: [String] = []
    var email: String?
    var team: String?
    var organizationID: String?

    static let table = FieldTable<UserFilter>(
        PageRequest.fields(\UserFilter.paging) + [
            .choice("role", \.role, "Users of this role."),
            .texts("user_ids", \.userIDs, "These users."),
            .text("user_email", \.email, "Part of the address, in any case."),
            .text("team", \.team, "Members of this team."),
            .text("organization_id", \.organizationID, "Users of this organization."),
        ]
    )
}

/// Tells about users.
struct UserReading: Sendable {
    let desk: Desk

    private func user(_ call: ManagementCall) async throws(GatewayError) -> User {
        let authority = Authority(self.desk, call)
        let asked = try call.readQuery(UserNames.query, UserNames()).userID
        guard let id = asked ?? authority.userID else {
            if authority.standing == .master { return User(id: self.desk.settings.adminID) }
            throw .missing("This key belongs to no user.", param: "user_id")
        }
        let found = try await self.desk.find(User.self, id)?.record
        guard try await authority.maySee(found ?? User(id: id)) else { throw authority.onlyAdmin }
        if let found { return found }
        // The master key and the command line are somebody without a record.
        guard authority.standing == .master, asked == nil else { throw Desk.noUser(id) }
        var user = User(id: id)
        user.role = .proxyAdmin
        return user
    }

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let user = try await self.user(call)
        let teams = try await self.desk.teams(of: user.id)
        let keys = try await self.desk.keys(ofUser: user.id).map(\.record)
        let names = Dictionary(teams.map { ($0.id, $0.alias) }) { first, _ in first }
        var rows: [JSONValue] = []
        for (key, row) in zip(keys, try await self.desk.rows(keys, now: call.now)) {
            var row = row.object ?? JSONObject()
            row.append("team_alias", .optional(key.teamID.flatMap { names[$0] ?? nil }))
            rows.append(.object(row))
        }
        return Answer.json(
            [
                "user_id": .text(user.id), "user_info": .object(try await self.row(user, teams, call)),
                "keys": .array(rows), "teams": .array(try await TeamReading(desk: self.desk).rows(teams, call)),
            ] as JSONValue
        )
    }

    func flatInfo(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let user = try await self.user(call)
        return Answer.json(try await self.row(user, try await self.desk.teams(of: user.id), call))
    }

    private func row(_ user: User, _ teams: [Team], _ call: ManagementCall) async throws(GatewayError) -> JSONObject {
        let allowance = try await self.desk.effective(user.allowance, budgetID: user.budgetID)
        let spent = try await self.desk.spent(.user, user.id, allowance, now: call.now)
        return UserRow.write(user, spent, teams: teams.map(\.id), at: call.now)
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(UserFilter.table, UserFilter())
        let authority = Authority(self.desk, call)
        var query = try filter.paging.query(self.desk.settings, usualSize: 25)
        query.organizationID = filter.organizationID
        query.ids = filter.userIDs.isEmpty ? nil : filter.userIDs
        let administers = try await authority.isOrganizationAdmin(filter.organizationID)
        if !authority.seesAll, !administers {
            let own = authority.userID ?? ""
            query.ids = (query.ids ?? [own]).filter { $0 == own }
        }
        let page = try await self.page(filter, query)
        let teams = try await self.desk.all(Team.self).map(\.record)
        let spent = try await self.desk.spent(.user, page.items, now: call.now)
        var rows: [JSONValue] = []
        for user in page.items {
            let own = teams.filter { team in team.members.contains { $0.userID == user.id } }.map(\.id)
            var row = UserRow.write(user, spent[user.id] ?? SpentAmounts(), teams: own, at: call.now)
            var keys = RecordQuery()
            keys.userID = user.id
            keys.size = 1
            row.append("key_count", .integer(try await self.desk.list(VirtualKey.self, keys).total))
            rows.append(.object(row))
        }
        return Answer.json(
            [
                "users": .array(rows), "total": .integer(page.total), "page": .integer(query.page),
                "page_size": .integer(query.size), "total_pages": .integer(PageRequest.pages(page.total, query.size)),
            ] as JSONValue
        )
    }

    private func page(_ filter: UserFilter, _ query: RecordQuery) async throws(GatewayError) -> Page<User> {
        guard filter.role != nil || filter.email != nil || filter.team != nil else {
            return try await self.desk.page(User.self, query)
        }
        let email = filter.email?.lowercased()
        var members: Set<String>?
        if let team = filter.team {
            members = Set(try await self.desk.find(Team.self, team)?.record.members.map(\.userID) ?? [])
        }
        let wanted = members
        return try await self.desk.page(User.self, query) { user in
            if let role = filter.role, user.role?.rawValue != role.rawValue { return false }
            if let email, user.email?.lowercased().contains(email) != true { return false }
            if let wanted, !wanted.contains(user.id) { return false }
            return true
        }
    }

    static let roles = Answer.json(
        .object(
            JSONObject(
                [
                    ("proxy_admin", "admin over litellm proxy, has all permissions", "Admin (All Permissions)"),
                    ("proxy_admin_viewer", "view all keys, view all spend", "Admin (View Only)"),
                    ("internal_user", "view/create/delete their own keys, view their own spend", "Internal User"),
                    ("internal_user_viewer", "view their own keys, view their own spend", "Internal Viewer"),
                    ("app_user", "another name of internal_user", "Internal User"),
                ].map { name, description, label in
                    (name, ["description": .text(description), "ui_label": .text(label)])
                }
            )
        )
    )
}
