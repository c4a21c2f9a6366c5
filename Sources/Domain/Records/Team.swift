/// Users who share models, limits and a budget.
package struct Team: StoredRecord {
    package static var kind: RecordKind { .team }

    package var id: String
    package var alias: String?
    package var organizationID: String?
    package var members: [TeamMember] = []
    /// Empty means all.
    package var models: [String] = []
    /// Other names by which this team's keys may ask for model groups: `model_aliases`.
    package var aliases: [String: String]?
    package var allowance = Allowance()
    package var budgetID: String?
    package var tags: [String]?
    package var isBlocked: Bool?
    /// Routes that plain members may call for the team's keys, such as `/key/generate`.
    package var memberPermissions: [String]?
    /// A JSON object's text.
    package var metadata: String?
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}

/// A user's place in a team, with what the user may use and spend there.
package struct TeamMember: Sendable, Equatable, Codable {
    package enum Role: String, Sendable, Codable, CaseIterable {
        case admin
        case user
    }

    package var userID: String
    package var email: String?
    package var role: Role
    /// `max_budget_in_team`, `tpm_limit`, `rpm_limit`, `budget_duration`.
    package var allowance: Allowance?

    package init(userID: String, role: Role) {
        self.userID = userID
        self.role = role
    }
}
