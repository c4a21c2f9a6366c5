import Domain
import WireFormats

/// `/team/new`.
struct TeamMaking: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(TeamFields.new, TeamDraft())
        let team = Self.team(draft, id: draft.teamID ?? self.desk.makeID())
        if !draft.members.isEmpty { try MemberDraft.check(draft.members, param: "members_with_roles") }
        try await TeamRules(self.desk, call).checkNew(team)
        let taken = GatewayError.invalid(
            "Team id = \(FieldValue.shown(team.id)) already exists. Please use a different team id.",
            param: "team_id"
        )
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            guard try await self.desk.find(Team.self, team.id) == nil else { throw taken }
            var team = team
            for member in draft.members {
                let user = try await self.desk.member(member, organizationID: team.organizationID, &change)
                var added = TeamMember(userID: user.id, role: member.role ?? .user)
                added.email = user.email
                team.members.append(added)
            }
            self.addMaker(call, to: &team)
            return change.insert(team)
        }
        return Answer.json(TeamRow.write(made, SpentAmounts(), at: call.now))
    }

    private static func team(_ draft: TeamDraft, id: String) -> Team {
        let said = draft.team
        var team = Team(id: id)
        team.alias = said.alias
        team.organizationID = said.organizationID
        team.models = said.models
        team.aliases = said.aliases
        team.allowance = said.allowance
        team.budgetID = said.budgetID
        team.tags = said.tags
        team.isBlocked = said.isBlocked
        team.memberPermissions = said.memberPermissions
        team.metadata = said.metadata
        return team
    }

    /// Whoever makes a team is its admin, as LiteLLM has it; programs on this machine are nobody's user.
    private func addMaker(_ call: ManagementCall, to team: inout Team) {
        guard call.caller?.credential != .commandLine, let maker = call.caller?.userID,
            !team.members.contains(where: { $0.userID == maker })
        else { return }
        team.members.append(TeamMember(userID: maker, role: .admin))
    }
}
