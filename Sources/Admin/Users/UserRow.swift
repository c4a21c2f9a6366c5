import Domain
import WireFormats

/// A user in LiteLLM's shape.
enum UserRow {
    static func write(_ user: User, _ spent: SpentAmounts, teams: [String], at now: WallTime) -> JSONObject {
        var row = self.fields(user, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        row.append("teams", .texts(teams))
        for name in ["team_id", "sso_user_id", "object_permission", "tpd_limit"] { row.append(name, .null) }
        return row
    }

    static func fields(_ user: User, at now: WallTime?) -> JSONObject {
        var row = JSONObject([
            ("user_id", .text(user.id)), ("user_email", .optional(user.email)), ("user_alias", .optional(user.alias)),
            ("user_role", .optional(user.role?.rawValue)), ("organization_id", .optional(user.organizationID)),
            ("budget_id", .optional(user.budgetID)), ("models", .texts(user.models)),
        ])
        AllowanceRow.write(user.allowance, at: now, into: &row)
        row.append("blocked", .optional(user.isBlocked))
        row.append("declared_in", user.owner == .file ? "config.yaml" : .null)
        if user.isRemoved == true { row.append("removed_from_config", true) }
        row.append("metadata", .stored(user.metadata))
        user.stamp.write(into: &row)
        return row
    }
}

extension User: Auditable {
    var auditRow: JSONObject { UserRow.fields(self, at: nil) }
}
