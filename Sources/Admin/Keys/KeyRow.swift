import Domain
import WireFormats

/// A key in LiteLLM's shape.
enum KeyRow {
    /// What answers tell of a key; the key itself is not among it.
    static func write(_ key: VirtualKey, _ spent: SpentAmounts, at now: WallTime) -> JSONObject {
        var row = self.fields(key, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        row.append("status", .text(self.status(key, now)))
        row.append("expires", .time(key.expiresAt))
        for name in self.empty { row.append(name, .null) }
        return row
    }

    /// The fields that somebody sets, and no others.
    static func fields(_ key: VirtualKey, at now: WallTime?) -> JSONObject {
        var row = JSONObject(capacity: 64)
        row.append("token", .text(key.hash.hex))
        row.append("key_name", .text(key.name))
        row.append("key_alias", .optional(key.alias))
        row.append("user_id", .optional(key.userID))
        row.append("team_id", .optional(key.teamID))
        row.append("organization_id", .optional(key.organizationID))
        row.append("budget_id", .optional(key.budgetID))
        row.append("models", .texts(key.models))
        row.append("aliases", .map(key.aliases ?? [:]) { .text($0) })
        AllowanceRow.write(key.allowance, at: now, into: &row)
        row.append("tags", .texts(key.tags))
        row.append("allowed_routes", .texts(key.allowedRoutes ?? []))
        row.append("key_type", .text(AllowedRoutes.KeyType(routes: key.allowedRoutes).rawValue))
        row.append("permissions", .map(key.permissions ?? [:]) { .bool($0) })
        row.append("metadata", .stored(key.metadata))
        row.append("blocked", .optional(key.isBlocked))
        row.append("rotation_count", .integer(key.rotations ?? 0))
        row.append("replaces", .optional(key.replaces?.hex))
        key.stamp.write(into: &row)
        return row
    }

    static func status(_ key: VirtualKey, _ now: WallTime) -> String {
        if key.isBlocked == true { return "blocked" }
        if let end = key.expiresAt, end <= now { return "expired" }
        return "active"
    }

    /// Fields that LiteLLM's clients look for and that are always empty here.
    private static let empty = [
        "agent_id", "project_id", "tpd_limit", "mcp_rpm_limit", "tag_rpm_limit", "guardrails", "policies", "prompts",
        "object_permission", "end_user_budget_id", "litellm_budget_table", "litellm_organization_table",
    ]
}

extension VirtualKey: Auditable {
    var auditRow: JSONObject {
        var row = KeyRow.fields(self, at: nil)
        row.append("expires", .time(self.expiresAt))
        return row
    }
}
