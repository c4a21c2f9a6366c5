import Domain
import WireFormats

/// Tells about teams.
struct TeamReading: Sendable {
    let desk: Desk

    func rows(_ teams: [Team], _ call: ManagementCall) async throws(GatewayError) -> [JSONValue] {
        let spent = try await self.desk.spent(.team, teams, now: call.now)
        return teams.map { .object(TeamRow.write($0, spent[$0.id] ?? SpentAmounts(), at: call.now)) }
    }

    func row(_ team: Team, _ call: ManagementCall) async throws(GatewayError) -> JSONObject {
        TeamRow.write(
            team,
            try await self.desk.spent(.team, [team], now: call.now)[team.id] ?? SpentAmounts(),
            at: call.now
        )
    }

    /// What members have spent in the team.
    func memberships(
        _ members: [TeamMember],
        in team: Team,
        _ call: ManagementCall
    ) async throws(GatewayError) -> [JSONValue] {
        let subjects = members.map { (id: "\(team.id):\($0.userID)", allowance: $0.allowance ?? Allowance()) }
        let spent = try await self.desk.spent(.teamMember, subjects, now: call.now)
        return members.map { member in
            let amounts = spent["\(team.id):\(member.userID)"] ?? SpentAmounts()
            var row = JSONObject([
                ("user_id", .text(member.userID)), ("team_id", .text(team.id)), ("budget_id", .null),
                ("spend", .money(amounts.current)), ("total_spend", .money(amounts.total)),
            ])
            guard let allowance = member.allowance else {
                row.append("litellm_budget_table", .null)
                return .object(row)
            }
            var budget = JSONObject()
            AllowanceRow.write(allowance, at: call.now, into: &budget)
            row.append("litellm_budget_table", .object(budget))
            return .object(row)
        }
    }

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let authority = Authority(self.desk, call)
        let team = try await self.team(call, authority)
        var keys = try await self.desk.keys(ofTeam: team.id).map(\.record)
        // Plain members see the team, and of its keys their own.
        let seesKeys = try await authority.mayChange(team)
        if !authority.seesAll, !seesKeys {
            keys.removeAll { $0.hash != authority.ownKey && ($0.userID == nil || $0.userID != authority.userID) }
        }
        return Answer.json(
            [
                "team_id": .text(team.id), "team_info": .object(try await self.row(team, call)),
                "keys": .array(try await self.desk.rows(keys, now: call.now)),
                "team_memberships": .array(try await self.memberships(team.members, in: team, call)),
            ] as JSONValue
        )
    }

    func permissions(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let team = try await self.team(call, Authority(self.desk, call))
        return Answer.json(
            [
                "team_id": .text(team.id), "team_member_permissions": .texts(team.memberPermissions ?? []),
                "all_available_permissions": .texts(TeamPermissions.known),
            ] as JSONValue
        )
    }

    private func team(_ call: ManagementCall, _ authority: Authority) async throws(GatewayError) -> Team {
        let id = try call.readQuery(TeamNames.query, TeamNames()).teamID ?? ""
        let team = try await self.desk.requireTeam(id).record
        guard try await authority.maySee(team) else {
            throw .forbidden(
                "key not allowed to access this team's info. Key team_id=\(call.caller?.teamID ?? "None"), Requested team_id=\(team.id)"
            )
        }
        return team
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(TeamFilter.table, TeamFilter())
        let query = try self.query(filter, usualSize: 100)
        let page = try await self.page(filter, query, isPaged: filter.paging.isSaid, call)
        return Answer.json(.array(try await self.rows(page.items, call)))
    }

    func pagedList(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(TeamFilter.table, TeamFilter())
        let query = try self.query(filter, usualSize: 10)
        let page = try await self.page(filter, query, isPaged: true, call)
        return Answer.json(
            [
                "teams": .array(try await self.rows(page.items, call)), "total": .integer(page.total),
                "page": .integer(query.page), "page_size": .integer(query.size),
                "total_pages": .integer(PageRequest.pages(page.total, query.size)),
            ] as JSONValue
        )
    }

    private func query(_ filter: TeamFilter, usualSize: Int) throws(GatewayError) -> RecordQuery {
        var query = try filter.paging.query(self.desk.settings, usualSize: usualSize)
        query.organizationID = filter.organizationID
        query.ids = filter.teamID.map { [$0] }
        return query
    }

    /// A page of the teams that the caller may see and asked for.
    private func page(
        _ filter: TeamFilter,
        _ query: RecordQuery,
        isPaged: Bool,
        _ call: ManagementCall
    ) async throws(GatewayError) -> Page<Team> {
        let authority = Authority(self.desk, call)
        let visible: Set<String>? = authority.seesAll ? nil : try await self.administered(authority)
        guard visible != nil || filter.userID != nil || filter.alias != nil else {
            return try await self.desk.page(Team.self, query, isPaged: isPaged)
        }
        let part = filter.alias?.lowercased()
        return try await self.desk.page(Team.self, query, isPaged: isPaged) { team in
            if let visible, authority.membership(in: team) == nil,
                team.organizationID.map(visible.contains) != true
            {
                return false
            }
            if let id = filter.userID, !team.members.contains(where: { $0.userID == id }) { return false }
            if let part, team.alias?.lowercased().contains(part) != true { return false }
            return true
        }
    }

    /// The organizations that the caller is an admin of.
    private func administered(_ authority: Authority) async throws(GatewayError) -> Set<String> {
        Set(try await self.desk.all(Organization.self).map(\.record).filter(authority.isAdmin).map(\.id))
    }
}
