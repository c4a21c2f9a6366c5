import Domain
import WireFormats

/// An organization in LiteLLM's shape.
enum OrganizationRow {
    static func write(_ organization: Organization, _ spent: SpentAmounts, at now: WallTime) -> JSONObject {
        var row = self.fields(organization, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        for name in ["object_permission", "litellm_budget_table"] { row.append(name, .null) }
        return row
    }

    static func fields(_ organization: Organization, at now: WallTime?) -> JSONObject {
        var row = JSONObject([
            ("organization_id", .text(organization.id)), ("organization_alias", .optional(organization.alias)),
            ("budget_id", .optional(organization.budgetID)), ("models", .texts(organization.models)),
        ])
        AllowanceRow.write(organization.allowance, at: now, into: &row)
        row.append("members", .array(organization.members.map(self.member)))
        row.append("blocked", .bool(organization.isBlocked == true))
        row.append("metadata", .stored(organization.metadata))
        organization.stamp.write(into: &row)
        return row
    }

    static func member(_ member: OrganizationMember) -> JSONValue {
        ["user_id": .text(member.userID), "user_role": .text(member.role.rawValue)]
    }
}

extension Organization: Auditable {
    var auditRow: JSONObject { OrganizationRow.fields(self, at: nil) }
}
