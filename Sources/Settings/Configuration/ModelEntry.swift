/// One deployment: an entry of `model_list`.
package struct ModelEntry: Sendable, Equatable {
    /// The public name.
    ///
    /// Entries with the same name form a model group.
    package var modelName: String
    /// Whose model it is, as the provider directory has it.
    package var provider: String
    /// The name to send to the provider; may hold a `*` that stands for what was asked for.
    package var upstreamModel: String
    /// `litellm_params`.
    package var parameters: DeploymentParameters
    /// `model_info`.
    package var info: ModelInfo
    /// Where the entry stands, for messages at run time.
    package var position: SourcePosition

    package init(
        modelName: String,
        provider: String,
        upstreamModel: String,
        parameters: DeploymentParameters,
        info: ModelInfo,
        position: SourcePosition
    ) {
        self.modelName = modelName
        self.provider = provider
        self.upstreamModel = upstreamModel
        self.parameters = parameters
        self.info = info
        self.position = position
    }
}

/// What is said about a deployment: `model_info`.
package struct ModelInfo: Sendable, Equatable {
    /// The deployment's id, if given.
    package var id: String?
    /// What it is for: `chat`, `embedding` and so on.
    ///
    /// The chapter's `fallback` and `loadbalance` are kept and mean nothing here.
    package var mode: String?
    /// The name to look prices and abilities up by, where the deployment's own name says nothing (Azure).
    package var baseModel: String?
    package var maxTokens: Int?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var accessGroups: [String] = []
    /// Every other key, as written.
    package var extra: [ConfigValue.Member] = []

    package init() {}
}
