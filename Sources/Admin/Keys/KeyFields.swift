import Domain
import WireFormats

/// The fields of requests about keys.
enum KeyFields {
    static let generate = FieldTable<KeyDraft>(
        [
            .text("key", \.text, "The key itself, if it is not to be made up: 'sk-' and at least 13 characters more."),
            KeyFields.keyType,
        ] + KeyFields.common + KeyFields.unsupported
    )

    static let update = FieldTable<KeyDraft>(
        [Field.text("key", \.text, "The key, or its hash.").required, KeyFields.keyType] + KeyFields.common
            + KeyFields.unsupported
    )

    /// `/key/regenerate`: which key, what replaces it, and what changes on the way.
    static let regenerate = FieldTable<KeyDraft>(
        [
            .text("key", \.text, "The key, or its hash; may stand in the path instead."),
            .text("new_key", \.newKey, "The key that replaces it, if it is not to be made up."),
            Field("grace_period", .period, "How long the replaced key still works; null or absent is not at all.") {
                (draft, value) throws(FieldProblem) in draft.gracePeriod = try KeyFields.lifetime(value)
            },
            KeyFields.keyType,
        ] + KeyFields.common + KeyFields.unsupported + [.unsupported("new_master_key")]
    )

    private static let keyType = Field<KeyDraft>.choice(
        "key_type",
        \.keyType,
        "A preset of allowed_routes: 'llm_api' for models only, 'management', 'read_only'."
    )

    private static let common: [Field<KeyDraft>] =
        KeyFields.identity
        + AllowanceFields.within(\KeyDraft.key.allowance) + KeyFields.rights

    private static let identity: [Field<KeyDraft>] = [
        .name("key_alias", \.key.alias, "A name for people; unique among keys."),
        .name("user_id", \.key.userID, "Whose key it is."),
        .name("team_id", \.key.teamID, "The team it belongs to."),
        .name("organization_id", \.key.organizationID, "The organization it belongs to."),
        .name("budget_id", \.key.budgetID, "A shared budget, which holds where the key's own fields are silent."),
        Field("duration", .period, "How long the key works, from this moment; null or '-1' is for ever.") {
            (draft, value) throws(FieldProblem) in draft.lifetime = try KeyFields.lifetime(value)
        },
        .time("expires", \.key.expiresAt, "When the key stops working; null is never."),
        .object("metadata", \.key.metadata, "Anything that the key's owner wants to keep with it."),
    ]

    private static let rights: [Field<KeyDraft>] = [
        .texts("models", \.key.models, "Model groups, patterns such as 'openai/*', access groups; empty is all."),
        .textMap("aliases", \.key.aliases, "Other names by which this key may ask for model groups."),
        .optionalTexts("tags", \.key.tags, "Words that this key's spend is also booked under."),
        .flag("blocked", \.key.isBlocked, "A blocked key is refused."),
        .flagMap("permissions", \.key.permissions, "Flags such as get_spend_routes."),
        Field("allowed_routes", .texts, "Paths, paths ending in '*', or groups such as llm_api_routes; empty is all.") {
            (draft, value) throws(FieldProblem) in
            let routes = value.isNull ? [] : try FieldValue.texts(value)
            try AllowedRoutes.check(routes)
            draft.key.allowedRoutes = routes.isEmpty ? nil : routes
        },
    ]

    private static let unsupported: [Field<KeyDraft>] = [
        "agent_id", "project_id", "tpd_limit", "allowed_cache_controls", "config", "budget_fallbacks", "mcp_rpm_limit",
        "tag_rpm_limit", "guardrails", "policies", "prompts", "object_permission", "default_estimated_output_tokens",
        "default_estimated_output_tokens_per_model", "end_user_budget_id", "disable_global_guardrails",
        "enable_prompt_caching", "throttle_on_budget_exceeded", "enforced_params", "allowed_passthrough_routes",
        "denied_passthrough_routes", "allowed_vector_store_indexes", "rpm_limit_type", "tpm_limit_type",
        "router_settings", "access_group_ids", "auto_rotate", "rotation_interval", "temp_budget_increase",
        "temp_budget_expiry", "send_invite_email", "spend",
    ].map { .unsupported($0) }

    private static func lifetime(_ value: JSONValue) throws(FieldProblem) -> KeyDraft.Lifetime {
        if value.isNull { return .forever }
        if value.string == "-1" { return .forever }
        return .lasting(try FieldValue.period(value))
    }
}

/// The keys a request names.
struct KeyNames: Sendable {
    var key: String?
    var keys: [String] = []
    var aliases: [String] = []

    static let one = FieldTable<KeyNames>([Field.text("key", \.key, "The key, or its hash.").required])
    static let many = FieldTable<KeyNames>([
        .texts("keys", \.keys, "Keys, or their hashes."),
        .texts("key_aliases", \.aliases, "Aliases of keys."),
    ])
    static let query = FieldTable<KeyNames>([.text("key", \.key, "The key, or its hash; absent is the caller's own.")])
}
