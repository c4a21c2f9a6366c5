import Domain
import WireFormats

/// Who is in a team.
struct TeamMembers: Sendable {
    let desk: Desk

    func add(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(TeamMemberRequest.add, TeamMemberRequest())
        let (team, users) = try await self.add(request, "member", call)
        var row = try await TeamReading(desk: self.desk).row(team, call)
        row.append(
            "updated_users",
            .array(users.map { .object(UserRow.write($0, SpentAmounts(), teams: [team.id], at: call.now)) })
        )
        let added = team.members.filter { member in users.contains { $0.id == member.userID } }
        row.append(
            "updated_team_memberships",
            .array(try await TeamReading(desk: self.desk).memberships(added, in: team, call))
        )
        return Answer.json(row)
    }

    func bulkAdd(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(TeamMemberRequest.bulkAdd, TeamMemberRequest())
        let (team, users) = try await self.add(request, "members", call)
        let results: [JSONValue] = users.map {
            ["user_id": .text($0.id), "user_email": .optional($0.email), "success": true, "error": .null]
        }
        return Answer.json(
            [
                "team_id": .text(team.id), "results": .array(results), "total_requested": .integer(users.count),
                "successful_additions": .integer(users.count), "failed_additions": 0,
                "updated_team": .object(try await TeamReading(desk: self.desk).row(team, call)),
            ] as JSONValue
        )
    }

    /// All of them or none.
    private func add(
        _ request: TeamMemberRequest,
        _ param: String,
        _ call: ManagementCall
    ) async throws(GatewayError) -> (Team, [User]) {
        try MemberDraft.check(request.members, param: param)
        return try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(request.teamID ?? "")
            try await Authority(self.desk, call).requireChange(old.record)
            var team = old.record
            var users: [User] = []
            for draft in request.members {
                let user = try await self.desk.member(draft, organizationID: team.organizationID, &change)
                guard !team.members.contains(where: { $0.userID == user.id }) else {
                    throw GatewayError.invalid(
                        "User '\(FieldValue.shown(user.id))' is already a member of the team; /team/member_update changes them.",
                        param: param
                    )
                }
                var member = TeamMember(userID: user.id, role: draft.role ?? .user)
                member.email = user.email
                member.allowance = request.allowance == Allowance() ? nil : request.allowance
                team.members.append(member)
                users.append(user)
            }
            return (change.update(old, to: team), users)
        }
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(TeamMemberRequest.update, TeamMemberRequest())
        let (team, index) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(request.teamID ?? "")
            try await Authority(self.desk, call).requireChange(old.record)
            let index = try await self.index(of: request.member, in: old.record)
            var team = old.record
            // Read once more onto what is there, so that absent fields stay.
            var said = TeamMemberRequest()
            said.allowance = team.members[index].allowance ?? Allowance()
            try TeamMemberRequest.update.read(call.body, into: &said)
            team.members[index].role = request.member.role ?? team.members[index].role
            team.members[index].allowance = said.allowance == Allowance() ? nil : said.allowance
            return (change.update(old, to: team), index)
        }
        var row = JSONObject([("team_id", .text(team.id))])
        for member in TeamRow.member(team.members[index], at: call.now).object?.members ?? [] {
            row.append(member.key, member.value)
        }
        return Answer.json(row)
    }

    /// Takes a member out, with the keys they have for the team.
    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(TeamMemberRequest.delete, TeamMemberRequest())
        let team = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(request.teamID ?? "")
            try await Authority(self.desk, call).requireChange(old.record)
            var team = old.record
            let member = team.members.remove(at: try await self.index(of: request.member, in: team))
            for key in try await self.desk.keys(ofTeam: team.id) where key.record.userID == member.userID {
                change.delete(key)
            }
            return change.update(old, to: team)
        }
        return Answer.json(try await TeamReading(desk: self.desk).row(team, call))
    }

    private func index(
        of draft: MemberDraft<TeamMember.Role>,
        in team: Team
    ) async throws(GatewayError) -> Int {
        var id = draft.userID
        if id == nil, let email = draft.email {
            id =
                try await self.desk.user(email: email)?.record.id
                ?? team.members.first { $0.email?.lowercased() == email.lowercased() }?.userID
        }
        guard draft.userID != nil || draft.email != nil else {
            throw .invalid("Either 'user_id' or 'user_email' needs to be passed in.", param: "user_id")
        }
        guard let index = team.members.firstIndex(where: { $0.userID == id }) else {
            throw .missing(
                "User '\(FieldValue.shown(draft.userID ?? draft.email ?? ""))' is no member of the team.",
                param: "user_id"
            )
        }
        return index
    }
}
