import Domain

/// One question to the ledger's sums, and what its subjects are called in the answer.
struct DailyQuestion: Sendable {
    var kind: SubjectKind
    /// Nil for all of the kind.
    var ids: [String]?
    /// Whether the answer tells subjects apart.
    var hasEntities = true

    /// What subjects are shown as, where that is not their id: members of teams stand for their team.
    var names: [String: String] = [:]

    func entity(_ subject: String) -> String { self.names[subject] ?? subject }
}

/// Narrows questions about daily activity to what the caller may see.
struct DailyScope: Sendable {
    let desk: Desk
    let call: ManagementCall
    private let scope: SpendScope

    init(_ desk: Desk, _ call: ManagementCall) {
        self.desk = desk
        self.call = call
        self.scope = SpendScope(desk, call)
    }

    /// What to ask; nothing when the caller may see none.
    ///
    /// - Throws: 401 or 403 for what is somebody else's.
    func questions(_ kind: DailyKind, _ filter: DailyFilter) async throws(GatewayError) -> [DailyQuestion] {
        switch kind {
        case .user: return try await self.users(filter)
        case .key:
            let asked = filter.ids + (filter.apiKey.map { [$0] } ?? [])
            return self.question(.key, try await self.scope.keys(asked))
        case .team: return try await self.teams(filter.ids)
        case .organization: return try await self.organizations(filter.ids)
        case .customer, .tag, .model: return self.question(kind.subject, filter.ids.isEmpty ? nil : filter.ids)
        }
    }

    private func question(_ kind: SubjectKind, _ ids: [String]?, hasEntities: Bool = true) -> [DailyQuestion] {
        ids?.isEmpty == true ? [] : [DailyQuestion(kind: kind, ids: ids, hasEntities: hasEntities)]
    }

    private func users(_ filter: DailyFilter) async throws(GatewayError) -> [DailyQuestion] {
        if let key = filter.apiKey {
            let keys = try await self.scope.keys([key])
            if let userID = filter.userID {
                // A key's sums are not told apart by user: it must be the user's own.
                let record = try await self.desk.key(key)?.record
                guard record?.userID == userID else {
                    throw .invalid("'api_key': is no key of this user", param: "api_key")
                }
            }
            return self.question(.key, keys)
        }
        guard let user = try await self.scope.user(filter.userID) else {
            return [DailyQuestion(kind: .global, ids: nil, hasEntities: false)]
        }
        return self.question(.user, [user], hasEntities: false)
    }

    /// Whole teams where the caller is an admin of them, and the caller's own part of the others.
    private func teams(_ asked: [String]) async throws(GatewayError) -> [DailyQuestion] {
        let authority = self.scope.authority
        if authority.seesAll { return self.question(.team, asked.isEmpty ? nil : asked) }
        var whole: [String] = []
        var parts: [String: String] = [:]
        let teams =
            asked.isEmpty
            ? try await self.desk.all(Team.self).map(\.record)
            : Array(try await self.desk.find(Team.self, ids: asked).values)
        for team in teams {
            if try await authority.mayChange(team) {
                whole.append(team.id)
            } else if authority.membership(in: team) != nil, let userID = authority.userID {
                parts["\(team.id):\(userID)"] = team.id
            }
        }
        if !asked.isEmpty, whole.count + parts.count < Set(asked).count {
            throw .forbidden("You can only see the activity of your own teams.", param: "team_ids")
        }
        var part = self.question(.teamMember, parts.keys.sorted())
        if !part.isEmpty { part[0].names = parts }
        return self.question(.team, whole) + part
    }

    private func organizations(_ asked: [String]) async throws(GatewayError) -> [DailyQuestion] {
        let authority = self.scope.authority
        if authority.seesAll { return self.question(.organization, asked.isEmpty ? nil : asked) }
        let own = try await self.desk.all(Organization.self).map(\.record).filter { authority.isAdmin(of: $0) }
            .map(\.id)
        guard asked.allSatisfy({ own.contains($0) }) else { throw authority.onlyAdmin }
        return self.question(.organization, asked.isEmpty ? own : asked)
    }
}
