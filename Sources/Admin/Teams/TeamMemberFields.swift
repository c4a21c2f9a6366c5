import Domain
import WireFormats

/// Who is to become, be or cease to be a member of a team, and what they may spend there.
struct TeamMemberRequest: Sendable {
    var teamID: String?
    var members: [MemberDraft<TeamMember.Role>] = []
    /// Of requests about one member.
    var member = MemberDraft<TeamMember.Role>()
    var allowance = Allowance()

    private static let id = Field<TeamMemberRequest>.text("team_id", \.teamID, "Which team.").required

    /// In LiteLLM's words for members.
    private static let limits: [Field<Allowance>] = [
        .money(
            "max_budget_in_team",
            \.maxBudget,
            "What a member may spend in the team; 0 allows nothing, null is no limit."
        ),
        .period("budget_duration", \.budgetPeriod, "How often that starts anew; null is never."),
        .count("rpm_limit", \.rpm, "A member's requests a minute."),
        .count("tpm_limit", \.tpm, "A member's tokens a minute."),
    ]

    private static let unsupported: [Field<TeamMemberRequest>] = ["tpd_limit", "models", "allowed_models"].map {
        .unsupported($0)
    }

    private static func members(_ name: String) -> Field<TeamMemberRequest> {
        Field(name, MemberDraft<TeamMember.Role>.type, "Whom: one, or a list.") {
            (request, value) throws(FieldProblem) in request.members = try MemberDraft.read(value)
        }.required
    }

    static let add = FieldTable<TeamMemberRequest>(
        [Self.id, Self.members("member")] + Self.limits.map { $0.within(\.allowance) } + Self.unsupported
    )

    static let bulkAdd = FieldTable<TeamMemberRequest>(
        [Self.id, Self.members("members")] + Self.limits.map { $0.within(\.allowance) } + Self.unsupported
            + [.unsupported("all_users")]
    )

    static let update = FieldTable<TeamMemberRequest>(
        [Self.id] + MemberDraft.fields.map { $0.within(\.member) } + Self.limits.map { $0.within(\.allowance) }
            + Self.unsupported
    )

    static let delete = FieldTable<TeamMemberRequest>(
        [Self.id] + MemberDraft.fields.filter { $0.description.name != "role" }.map { $0.within(\.member) }
    )
}
