import Domain
import WireFormats

/// A user as a request describes them.
struct UserDraft: Sendable {
    var user: User
    var userID: String?
    var makesKey: Bool?
    var key = KeyDraft()
    var teams: [String] = []

    init(_ user: User = User(id: "")) {
        self.user = user
    }
}

/// The fields of requests about users.
enum UserFields {
    static let new = FieldTable<UserDraft>(
        [
            .name("user_id", \.userID, "The user's id; a random one if absent."),
            .flag("auto_create_key", \.makesKey, "Whether a key is made as well; yes unless false."),
            .name("key_alias", \.key.key.alias, "Alias of the key that is made."),
            Field("duration", .period, "How long the key that is made works.") { (draft, value) throws(FieldProblem) in
                draft.key.lifetime = value.isNull ? .forever : .lasting(try FieldValue.period(value))
            },
            .texts("teams", \.teams, "Teams that the user becomes a member of."),
        ] + UserFields.common + UserFields.unsupported
    )

    static let update = FieldTable<UserDraft>(
        [.name("user_id", \.userID, "Who; user_email may stand in its place.")] + UserFields.common
            + UserFields.unsupported
    )

    /// What somebody may be, in this order.
    enum Role: String, Sendable, CaseIterable {
        case proxyAdmin = "proxy_admin"
        case proxyAdminViewer = "proxy_admin_viewer"
        case internalUser = "internal_user"
        case internalUserViewer = "internal_user_viewer"
        case appUser = "app_user"
    }

    /// What may be changed of a user whom the file declares: nothing that the file says.
    static let free: Set<String> = ["user_id", "blocked", "metadata"]

    private static let common: [Field<UserDraft>] =
        [
            .text("user_email", \.user.email, "The user's address."),
            .text("user_alias", \.user.alias, "A name for people."),
            Field("user_role", .choice(Role.allCases.map(\.rawValue)), "What the user may do here.") {
                (draft, value) throws(FieldProblem) in
                draft.user.role =
                    value.isNull ? nil : UserRole(rawValue: try FieldValue.choice(value, Role.self).rawValue)
            },
            .texts("models", \.user.models, "Model groups, patterns such as 'openai/*', access groups; empty is all."),
            .name("budget_id", \.user.budgetID, "A shared budget, which holds where the user's own fields are silent."),
            .name("organization_id", \.user.organizationID, "The organization the user belongs to."),
            .flag("blocked", \.user.isBlocked, "The keys of a blocked user are refused."),
            .object("metadata", \.user.metadata, "Anything to be kept with the user."),
        ] + AllowanceFields.within(\UserDraft.user.allowance)

    private static let unsupported: [Field<UserDraft>] = [
        "sso_user_id", "send_invite_email", "guardrails", "policies", "prompts", "object_permission",
        "allowed_cache_controls", "config", "permissions", "aliases", "password", "organizations", "agent_id",
        "tpd_limit", "spend", "router_settings",
    ].map { .unsupported($0) }
}

/// The users a request names.
struct UserNames: Sendable {
    var userID: String?
    var userIDs: [String] = []

    static let one = FieldTable<UserNames>([Field.name("user_id", \.userID, "Who.").required])
    static let many = FieldTable<UserNames>([Field.texts("user_ids", \.userIDs, "Who.").required])
    static let query = FieldTable<UserNames>([.text("user_id", \.userID, "Who; absent is the one that asks.")])
}
