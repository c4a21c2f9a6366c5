package import Domain

/// How a deployment is called: `litellm_params`.
package struct DeploymentParameters: Sendable, Equatable {
    /// As written: `provider/model`, a bare name, or a pattern such as `openai/*`.
    package var model = ""
    /// `custom_llm_provider`.
    package var customProvider: String?
    /// From `api_key`, or from the credential that `litellm_credential_name` names; so are the next three.
    package var apiKey: Secret<String>?
    package var apiBase: String?
    package var apiVersion: String?
    package var organization: String?
    package var credentialName: String?
    package var regionName: String?
    /// The cloud providers' keys (`aws_*`, `vertex_*`, `azure_*` and kin), by name.
    package var cloudCredentials: [NamedSecret] = []

    package var timeout: Duration?
    package var streamTimeout: Duration?
    package var maxRetries: Int?
    package var numRetries: Int?
    package var cooldownTime: Duration?

    /// In order; a value may hold a key.
    package var extraHeaders: [NamedSecret] = []
    /// Members to add to the body, in order.
    package var extraBody: [ConfigValue.Member] = []
    package var dropParams: Bool?
    package var additionalDropParams: [String] = []
    package var allowedOpenAIParams: [String] = []
    package var mockResponse: String?
    package var mergeReasoningContentInChoices: Bool?
    package var keepaliveSeconds: Duration?

    /// Requests a minute.
    package var rpm: Int?
    /// Tokens a minute; the next two count one direction only.
    package var tpm: Int?
    package var itpm: Int?
    package var otpm: Int?
    package var weight: Double?
    package var order: Int?
    package var maxParallelRequests: Int?
    package var tags: [String] = []
    package var maxBudget: NanoDollars?
    package var budgetDuration: BudgetPeriod?

    package var inputCostPerToken: UnitPrice?
    package var outputCostPerToken: UnitPrice?
    package var cacheReadInputTokenCost: UnitPrice?
    package var cacheCreationInputTokenCost: UnitPrice?
    /// The other prices LiteLLM has fields for, by name.
    package var otherPrices: [String: UnitPrice] = [:]

    package init() {}
}
