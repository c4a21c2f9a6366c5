import Domain
import WireFormats

/// A model as a request describes it.
struct ModelDraft: Sendable {
    var id: String?
    var name: String?
    /// What was said of `litellm_params`: all of it for a new model, what changes for another.
    var parameters = JSONObject()
    var info = JSONObject()
}

/// The fields of requests about models.
enum ModelFields {
    static let new = FieldTable<ModelDraft>(
        [
            Field.name("model_name", \.name, "The model group that the deployment joins.").required,
            Self.object("litellm_params", \.parameters, "As in config.yaml; 'model' is required. Kept sealed.")
                .required,
            Self.info,
        ] + ModelFields.unsupported
    )

    static let update = FieldTable<ModelDraft>(
        [
            .name("model_id", \.id, "Which; model_info.id may stand in its place."),
            .name("id", \.id, "Another name of model_id."),
        ] + ModelFields.changes + ModelFields.unsupported
    )

    /// For a path that names the model.
    static let patch = FieldTable<ModelDraft>(ModelFields.changes + ModelFields.unsupported)

    static let one = FieldTable<ModelDraft>([
        .name("id", \.id, "Which."),
        .name("model_id", \.id, "Another name of id."),
    ])

    private static let changes: [Field<ModelDraft>] = [
        .name("model_name", \.name, "Another model group for the deployment."),
        Self.object("litellm_params", \.parameters, "Members that change; null takes one away, the rest stay."),
        Self.info,
    ]

    private static let info = Self.object(
        "model_info",
        \.info,
        "About the deployment: id, mode, base_model, limits, access_groups."
    )

    private static let unsupported: [Field<ModelDraft>] = [
        .unsupported("blocked_reason"), .unsupported("team_id"),
        .ignored("created_at", "Taken for LiteLLM's clients."), .ignored("created_by", "Taken for LiteLLM's clients."),
        .ignored("updated_at", "Taken for LiteLLM's clients."), .ignored("updated_by", "Taken for LiteLLM's clients."),
    ]

    private static func object(
        _ name: String,
        _ path: any WritableKeyPath<ModelDraft, JSONObject> & Sendable,
        _ summary: String
    ) -> Field<ModelDraft> {
        Field(name, .object, summary) { (draft, value) throws(FieldProblem) in
            if value.isNull { return }
            // Bounds its size.
            _ = try FieldValue.object(value)
            draft[keyPath: path] = value.object ?? JSONObject()
        }
    }
}

/// What `/model/info` and its relatives may be asked for.
struct ModelFilter: Sendable {
    var id: String?
    var name: String?
    var search: String?
    var page: Int?
    var size: Int?

    static let info = FieldTable<ModelFilter>([
        .text("litellm_model_id", \.id, "The deployment of this id."),
        .ignored("team_id", "Taken for LiteLLM's clients."),
    ])

    static let pages = FieldTable<ModelFilter>([
        .text("modelId", \.id, "The deployment of this id."),
        .text("model", \.name, "The deployments of this model group."),
        .text("search", \.search, "Part of the model group's name, in any case."),
        .count("page", \.page, "Which page, from 1."),
        .count("size", \.size, "How many on a page, at most 100."),
        .ignored("user_models_only", "Taken for LiteLLM's clients."),
        .ignored("include_team_models", "Taken for LiteLLM's clients."),
        .ignored("debug", "Taken for LiteLLM's clients."),
        .ignored("teamId", "Taken for LiteLLM's clients."),
    ])

    static let groups = FieldTable<ModelFilter>([.text("model_group", \.name, "This model group alone.")])
}
