import Domain
import WireFormats

/// A team as a request describes it.
struct TeamDraft: Sendable {
    var team: Team
    var teamID: String?
    var members: [MemberDraft<TeamMember.Role>] = []

    init(_ team: Team = Team(id: "")) {
        self.team = team
    }
}

/// The fields of requests about teams.
enum TeamFields {
    static let new = FieldTable<TeamDraft>(
        [
            .name("team_id", \.teamID, "The team's id; a random one if absent."),
            Field("members_with_roles", MemberDraft<TeamMember.Role>.type, "Members from the start.") {
                (draft, value) throws(FieldProblem) in draft.members = try MemberDraft.read(value)
            },
        ] + TeamFields.common + TeamFields.unsupported
    )

    static let update = FieldTable<TeamDraft>(
        [Field.name("team_id", \.teamID, "Which team.").required] + TeamFields.common + TeamFields.unsupported
    )

    private static let common: [Field<TeamDraft>] =
        [
            .text("team_alias", \.team.alias, "A name for people."),
            .name("organization_id", \.team.organizationID, "The organization the team belongs to."),
            .name("budget_id", \.team.budgetID, "A shared budget, which holds where the team's own fields are silent."),
            .texts("models", \.team.models, "Model groups, patterns such as 'openai/*', access groups; empty is all."),
            .textMap("model_aliases", \.team.aliases, "Other names by which the team's keys may ask for model groups."),
            .optionalTexts("tags", \.team.tags, "Words that the team's spend is also booked under."),
            .flag("blocked", \.team.isBlocked, "The keys of a blocked team are refused."),
            Field("team_member_permissions", .texts, "Routes that plain members may call for the team's keys.") {
                (draft, value) throws(FieldProblem) in draft.team.memberPermissions = try TeamPermissions.read(value)
            },
            .object("metadata", \.team.metadata, "Anything to be kept with the team."),
        ] + AllowanceFields.within(\TeamDraft.team.allowance)

    private static let unsupported: [Field<TeamDraft>] = [
        "admins", "members", "guardrails", "policies", "prompts", "object_permission", "router_settings",
        "access_group_ids", "default_team_member_models", "team_member_budget", "team_member_budget_duration",
        "team_member_key_duration", "team_member_rpm_limit", "team_member_tpm_limit", "tpd_limit", "model_id",
        "allowed_passthrough_routes", "allowed_vector_store_indexes", "secret_manager_settings", "mcp_rpm_limit",
        "disable_global_guardrails", "rpm_limit_type", "tpm_limit_type", "budget_reset_at", "spend", "logging",
        "allow_team_guardrail_config", "enforced_params", "soft_budget_alerting_emails",
    ].map { .unsupported($0) }
}

/// What plain members of a team may be let do with its keys.
enum TeamPermissions {
    static let known = [
        "/key/info", "/key/list", "/key/generate", "/key/update", "/key/delete", "/key/block", "/key/unblock",
        "/key/regenerate", "/key/{key}/regenerate", "/key/health",
    ]

    static func read(_ value: JSONValue) throws(FieldProblem) -> [String]? {
        let routes = value.isNull ? [] : try FieldValue.texts(value)
        for route in routes where !self.known.contains(route) {
            throw FieldProblem("'\(FieldValue.shown(route))' is none of \(self.known.joined(separator: ", "))")
        }
        return routes.isEmpty ? nil : routes
    }
}

/// The teams a request names, and the models.
struct TeamNames: Sendable {
    var teamID: String?
    var teamIDs: [String] = []
    var models: [String] = []
    var permissions: [String]?

    private static let id = Field<TeamNames>.text("team_id", \.teamID, "Which team.").required

    static let one = FieldTable<TeamNames>([Self.id])
    static let many = FieldTable<TeamNames>([Field.texts("team_ids", \.teamIDs, "Which teams.").required])
    static let query = FieldTable<TeamNames>([Self.id])
    static let withModels = FieldTable<TeamNames>([Self.id, Field.texts("models", \.models, "Model groups.").required])
    static let withPermissions = FieldTable<TeamNames>([
        Self.id,
        Field("team_member_permissions", .texts, "Routes that plain members may call; an empty list is none.") {
            (names, value) throws(FieldProblem) in names.permissions = try TeamPermissions.read(value)
        }.required,
    ])
}

/// What lists of teams may be asked for.
struct TeamFilter: Sendable {
    var paging = PageRequest()
    var userID: String?
    var organizationID: String?
    var teamID: String?
    var alias: String?

    static let table = FieldTable<TeamFilter>(
        PageRequest.fields(\TeamFilter.paging) + [
            .text("user_id", \.userID, "Teams that this user is a member of."),
            .text("organization_id", \.organizationID, "Teams of this organization."),
            .text("team_id", \.teamID, "This team."),
            .text("team_alias", \.alias, "Part of the alias, in any case."),
        ]
    )
}
