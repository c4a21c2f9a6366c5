import Domain
import WireFormats

/// Changes of teams that are there.
struct TeamChanges: Sendable {
    let desk: Desk

    private func row(_ team: Team, _ call: ManagementCall) async throws(GatewayError) -> JSONObject {
        try await TeamReading(desk: self.desk).row(team, call)
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(TeamFields.update, TeamDraft()).teamID ?? ""
        let team = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(id)
            var draft = TeamDraft(old.record)
            try TeamFields.update.read(call.body, into: &draft)
            try await TeamRules(self.desk, call).checkChange(of: old.record, to: draft.team)
            return change.update(old, to: draft.team)
        }
        return Answer.json(["team_id": .text(id), "data": .object(try await self.row(team, call))] as JSONValue)
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = Set(try call.read(TeamNames.many, TeamNames()).teamIDs).sorted()
        guard !ids.isEmpty else { throw .invalid("Name the teams to delete in 'team_ids'.", param: "team_ids") }
        let keys = try await self.desk.change(call) { (change) throws(GatewayError) in
            var count = 0
            for id in ids {
                let team = try await self.desk.requireTeam(id)
                try await Authority(self.desk, call).requireStanding(above: team.record)
                let keys = try await self.desk.keys(ofTeam: id)
                for key in keys { change.delete(key) }
                change.delete(team)
                count += keys.count
            }
            return count
        }
        return Answer.json(["deleted_teams": .texts(ids), "deleted_keys": .integer(keys)] as JSONValue)
    }

    func block(_ call: ManagementCall, _ isBlocked: Bool) async throws(GatewayError) -> Answer {
        try await self.change(call, TeamNames.one, action: isBlocked ? "blocked" : "unblocked") {
            (team, _) throws(GatewayError) in
            try await Authority(self.desk, call).requireStanding(above: team)
            team.isBlocked = isBlocked
        }
    }

    func addModels(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.change(call, TeamNames.withModels) { (team, names) throws(GatewayError) in
            for model in names.models where !team.models.contains(model) { team.models.append(model) }
        }
    }

    func deleteModels(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.change(call, TeamNames.withModels) { (team, names) throws(GatewayError) in
            let rest = team.models.filter { !names.models.contains($0) }
            guard !rest.isEmpty || team.models.isEmpty else {
                throw .invalid(
                    "The team would be left without models, and an empty list means all of them. Block the team, or say "
                        + "so with /team/update and 'models': [].",
                    param: "models"
                )
            }
            team.models = rest
        }
    }

    func updatePermissions(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.change(call, TeamNames.withPermissions) { (team, names) throws(GatewayError) in
            team.memberPermissions = names.permissions
        }
    }

    /// Changes one team and answers its row.
    private func change(
        _ call: ManagementCall,
        _ table: FieldTable<TeamNames>,
        action: String = "updated",
        _ edit: (inout Team, TeamNames) async throws(GatewayError) -> Void
    ) async throws(GatewayError) -> Answer {
        let names = try call.read(table, TeamNames())
        let blocks = action != "updated"
        let team = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(names.teamID ?? "")
            var team = old.record
            try await edit(&team, names)
            if !blocks { try await TeamRules(self.desk, call).checkChange(of: old.record, to: team) }
            return change.update(old, to: team, action: action)
        }
        return Answer.json(try await self.row(team, call))
    }

    func resetBudget(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(TeamNames.one, TeamNames()).teamID ?? ""
        let (team, before) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireTeam(id)
            try await Authority(self.desk, call).requireStanding(above: old.record)
            let before = try await self.desk.spent(.team, [old.record], now: call.now)[id]
            var team = old.record
            team.allowance.resetAt = call.now
            return (change.update(old, to: team, action: "reset"), before ?? SpentAmounts())
        }
        await self.desk.state?.resetSpend(.team, id)
        return Answer.json(
            [
                "team_id": .text(id), "spend": .money(.zero), "previous_spend": .money(before.current),
                "max_budget": .money(team.allowance.maxBudget),
                "budget_reset_at": AllowanceRow.resetAt(team.allowance, call.now),
            ] as JSONValue
        )
    }
}
