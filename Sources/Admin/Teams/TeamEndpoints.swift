import Domain
import WireFormats

/// `/team/*`.
struct TeamEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.membership + self.reading }

    private var changing: [Route] {
        let changes = TeamChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/team/new",
                .teams,
                "Adds a team; whoever makes it is its admin.",
                body: TeamFields.new.descriptions,
                example: #"{"team_alias":"research","models":["gpt-4o"],"max_budget":100,"budget_duration":"30d"}"#,
                handler: { (call) throws(GatewayError) in try await TeamMaking(desk: self.desk).new(call) }
            ),
            Route(
                .post,
                "/team/update",
                .teams,
                "Changes a team: absent fields stay, null takes away.",
                body: TeamFields.update.descriptions,
                example: #"{"team_id":"team1","max_budget":200}"#,
                answer: "team_id, data: the record.",
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/team/delete",
                .teams,
                "Deletes teams with their keys, all in one change. Spend stays in the ledger.",
                body: TeamNames.many.descriptions,
                example: #"{"team_ids":["team1"]}"#,
                answer: "deleted_teams, deleted_keys.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
            Route(
                .post,
                "/team/block",
                .teams,
                "Refuses the keys of a team from now on.",
                body: TeamNames.one.descriptions,
                example: #"{"team_id":"team1"}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, true) }
            ),
            Route(
                .post,
                "/team/unblock",
                .teams,
                "Takes back a block.",
                body: TeamNames.one.descriptions,
                example: #"{"team_id":"team1"}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, false) }
            ),
            Route(
                .post,
                "/team/model/add",
                .teams,
                "Adds models to those that a team may use.",
                body: TeamNames.withModels.descriptions,
                example: #"{"team_id":"team1","models":["gpt-4o"]}"#,
                handler: { (call) throws(GatewayError) in try await changes.addModels(call) }
            ),
            Route(
                .post,
                "/team/model/delete",
                .teams,
                "Takes models from those that a team may use.",
                body: TeamNames.withModels.descriptions,
                example: #"{"team_id":"team1","models":["gpt-4o"]}"#,
                handler: { (call) throws(GatewayError) in try await changes.deleteModels(call) }
            ),
            Route(
                .post,
                "/team/permissions_update",
                .teams,
                "Says what plain members may do with the team's keys.",
                body: TeamNames.withPermissions.descriptions,
                example: #"{"team_id":"team1","team_member_permissions":["/key/generate"]}"#,
                handler: { (call) throws(GatewayError) in try await changes.updatePermissions(call) }
            ),
            Route(
                .post,
                "/team/reset_budget",
                .teams,
                "Begins a team's budget anew; the ledger keeps what was spent.",
                body: TeamNames.one.descriptions,
                example: #"{"team_id":"team1"}"#,
                answer: "team_id, spend, previous_spend, max_budget, budget_reset_at.",
                handler: { (call) throws(GatewayError) in try await changes.resetBudget(call) }
            ),
        ]
    }

    private var membership: [Route] {
        let members = TeamMembers(desk: self.desk)
        return [
            Route(
                .post,
                "/team/member_add",
                .teams,
                "Adds one or several members to a team; who is not known is added as a user.",
                body: TeamMemberRequest.add.descriptions,
                example: #"{"team_id":"team1","member":{"role":"user","user_id":"user1"},"max_budget_in_team":10}"#,
                answer: "The team; updated_users, updated_team_memberships.",
                handler: { (call) throws(GatewayError) in try await members.add(call) }
            ),
            Route(
                .post,
                "/team/bulk_member_add",
                .teams,
                "Adds many members to a team, all or none.",
                body: TeamMemberRequest.bulkAdd.descriptions,
                example: #"{"team_id":"team1","members":[{"role":"user","user_id":"user1"}]}"#,
                answer: "team_id, results, total_requested, successful_additions, failed_additions, updated_team.",
                handler: { (call) throws(GatewayError) in try await members.bulkAdd(call) }
            ),
            Route(
                .post,
                "/team/member_update",
                .teams,
                "Changes a member's role, budget and limits in the team.",
                body: TeamMemberRequest.update.descriptions,
                example: #"{"team_id":"team1","user_id":"user1","max_budget_in_team":20}"#,
                answer: "team_id, and the member.",
                handler: { (call) throws(GatewayError) in try await members.update(call) }
            ),
            Route(
                .post,
                "/team/member_delete",
                .teams,
                "Takes a member out of a team, with the keys they have for it.",
                body: TeamMemberRequest.delete.descriptions,
                example: #"{"team_id":"team1","user_id":"user1"}"#,
                answer: "The team.",
                handler: { (call) throws(GatewayError) in try await members.delete(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = TeamReading(desk: self.desk)
        return [
            Route(
                .get,
                "/team/info",
                .teams,
                "Tells about a team, its keys and members.",
                query: TeamNames.query.descriptions,
                answer: "team_id, team_info, keys, team_memberships.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/team/permissions_list",
                .teams,
                "Tells what plain members may do with the team's keys.",
                query: TeamNames.query.descriptions,
                answer: "team_id, team_member_permissions, all_available_permissions.",
                handler: { (call) throws(GatewayError) in try await reading.permissions(call) }
            ),
            Route(
                .get,
                "/team/list",
                .teams,
                "Lists teams: all, unless a page is asked for.",
                query: TeamFilter.table.descriptions,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
            Route(
                .get,
                "/v2/team/list",
                .teams,
                "Lists teams, page by page.",
                query: TeamFilter.table.descriptions,
                answer: "teams, total, page, page_size, total_pages.",
                handler: { (call) throws(GatewayError) in try await reading.pagedList(call) }
            ),
        ]
    }
}
