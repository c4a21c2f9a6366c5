import Domain
import WireFormats

/// A team in LiteLLM's shape.
enum TeamRow {
    static func write(_ team: Team, _ spent: SpentAmounts, at now: WallTime) -> JSONObject {
        var row = self.fields(team, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        for name in ["object_permission", "litellm_model_table", "router_settings"] { row.append(name, .null) }
        return row
    }

    static func fields(_ team: Team, at now: WallTime?) -> JSONObject {
        var row = JSONObject([
            ("team_id", .text(team.id)), ("team_alias", .optional(team.alias)),
            ("organization_id", .optional(team.organizationID)), ("budget_id", .optional(team.budgetID)),
            ("models", .texts(team.models)), ("model_aliases", .map(team.aliases ?? [:]) { .text($0) }),
        ])
        AllowanceRow.write(team.allowance, at: now, into: &row)
        row.append("members_with_roles", .array(team.members.map { self.member($0, at: now) }))
        row.append("members", .texts(team.members.filter { $0.role == .user }.map(\.userID)))
        row.append("admins", .texts(team.members.filter { $0.role == .admin }.map(\.userID)))
        row.append("team_member_permissions", .texts(team.memberPermissions ?? []))
        row.append("tags", .texts(team.tags))
        row.append("blocked", .bool(team.isBlocked == true))
        row.append("metadata", .stored(team.metadata))
        team.stamp.write(into: &row)
        return row
    }

    static func member(_ member: TeamMember, at now: WallTime?) -> JSONValue {
        var row = JSONObject([
            ("user_id", .text(member.userID)), ("user_email", .optional(member.email)),
            ("role", .text(member.role.rawValue)),
        ])
        if let allowance = member.allowance {
            row.append("max_budget_in_team", .money(allowance.maxBudget))
            row.append("budget_duration", .optional(allowance.budgetPeriod?.description))
            if let now { row.append("budget_reset_at", AllowanceRow.resetAt(allowance, now)) }
            row.append("rpm_limit", .optional(allowance.rpm))
            row.append("tpm_limit", .optional(allowance.tpm))
        }
        return .object(row)
    }
}

extension Team: Auditable {
    var auditRow: JSONObject { TeamRow.fields(self, at: nil) }
}
