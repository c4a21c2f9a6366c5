internal import Domain

/// Reads `model_list`.
struct ModelListReading {
    let context: ReadingContext
    let credentials: [CredentialEntry]

    func entry(_ reader: inout MappingReader) -> ModelEntry? {
        reader.require("model_name")
        reader.require("litellm_params")
        let name = reader.string("model_name") ?? ""
        if name.isEmpty, reader.has("model_name") { reader.error("model_name", "\(reader.path).model_name is empty") }
        let info = reader.mapping("model_info").map { ModelInfo(reading: $0) }
        let nested = reader.mapping("litellm_params")
        let position = reader.position
        reader.finish(.modelEntry)
        guard var nested else { return nil }
        let parameters = DeploymentParameters(reading: &nested, credentials: self.credentials)
        guard let resolved = self.resolve(parameters, nested), !name.isEmpty else { return nil }
        return ModelEntry(
            modelName: name,
            provider: resolved.provider,
            upstreamModel: resolved.model,
            parameters: parameters,
            info: info ?? ModelInfo(),
            position: position
        )
    }

    /// Asks the directory whose model this is; anything but an answer is an error.
    private func resolve(
        _ parameters: DeploymentParameters,
        _ reader: MappingReader
    ) -> (provider: String, model: String)? {
        guard !parameters.model.isEmpty else { return nil }
        let custom = parameters.customProvider
        let key = custom == nil ? "model" : "custom_llm_provider"
        switch self.context.providers.resolve(model: parameters.model, customProvider: custom) {
        case .resolved(let provider, let model):
            return (provider, model)
        case .unsupported(let provider):
            let message = "this version of Martlet has no way to speak to it"
            reader.error(key, "LiteLLM knows the provider '\(provider)'; \(message)")
        case .unknownProvider(let name, let nearest):
            let suggestion = nearest.first.map { "did you mean '\($0)'?" }
            reader.error(key, "unknown provider '\(reader.shown(name, of: key))'", suggestion: suggestion)
        case .unknownModel(let model):
            let shown = reader.shown(model, of: key)
            let message = "no provider is known for the model '\(shown)'"
            reader.error(key, message, suggestion: "write it as provider/\(shown)")
        }
        return nil
    }
}

extension DeploymentParameters {
    /// Reads `litellm_params` to the end.
    init(reading reader: inout MappingReader, credentials: [CredentialEntry]) {
        self.init()
        reader.require("model")
        self.model = reader.string("model") ?? ""
        self.customProvider = reader.string("custom_llm_provider")
        self.readEndpoint(&reader)
        self.readCredential(&reader, credentials)
        self.readTimes(&reader)
        self.readRequestHandling(&reader)
        self.readLimits(&reader)
        self.readPrices(&reader)
        reader.finish(.deployment)
    }

    private mutating func readEndpoint(_ reader: inout MappingReader) {
        self.apiKey = reader.secret("api_key")
        self.apiBase = reader.httpURL("api_base") ?? reader.httpURL("base_url")
        self.apiVersion = reader.string("api_version")
        self.organization = reader.string("organization")
        self.regionName = reader.string("region_name")
        let families = ["aws_", "vertex_", "azure_", "watsonx_", "tenant_id", "client_id", "client_secret"]
        for member in reader.members where families.contains(where: { member.key.hasPrefix($0) }) {
            // Some are mappings (a service account's JSON): those are kept as text.
            if case .scalar = member.value.content {
                guard let value = reader.secret(member.key) else { continue }
                self.cloudCredentials.append(NamedSecret(name: member.key, value: value))
            } else if let value = reader.value(member.key) {
                self.cloudCredentials.append(NamedSecret(name: member.key, value: Secret(value.json)))
            }
        }
    }

    /// Takes from the named credential what the deployment does not say itself.
    private mutating func readCredential(_ reader: inout MappingReader, _ credentials: [CredentialEntry]) {
        guard let name = reader.string("litellm_credential_name") else { return }
        self.credentialName = name
        guard let credential = credentials.first(where: { $0.name == name }) else {
            let known = credentials.map(\.name)
            let suggestion = Advice.didYouMean(name, among: known, orKnown: "there are:")
            let shown = reader.shown(name, of: "litellm_credential_name")
            let message = "no entry of credential_list is named '\(shown)'"
            reader.error("litellm_credential_name", message, suggestion: suggestion)
            return
        }
        self.apiKey = self.apiKey ?? credential.value("api_key").map { Secret($0) }
        self.apiBase = self.apiBase ?? credential.value("api_base")
        self.apiVersion = self.apiVersion ?? credential.value("api_version")
        self.organization = self.organization ?? credential.value("organization")
        let own = Set(self.cloudCredentials.map(\.name))
        let shared: Set = ["api_key", "api_base", "api_version", "organization"]
        self.cloudCredentials += credential.values.filter { !shared.contains($0.name) && !own.contains($0.name) }
    }

    private mutating func readTimes(_ reader: inout MappingReader) {
        self.timeout = reader.duration("timeout")
        self.streamTimeout = reader.duration("stream_timeout")
        self.maxRetries = reader.integer("max_retries", 0...1000)
        self.numRetries = reader.integer("num_retries", 0...1000)
        self.cooldownTime = reader.duration("cooldown_time", allowsZero: true)
        self.keepaliveSeconds = reader.duration("keepalive_seconds", allowsZero: true)
    }

    private mutating func readRequestHandling(_ reader: inout MappingReader) {
        self.extraHeaders = reader.headers("extra_headers") ?? []
        if let body = reader.mapping("extra_body") {
            self.extraBody = body.members.map { member in
                let path = body.pathOf(member.key)
                let value = ConfigValue(member.value, path: path, context: body.context)
                return ConfigValue.Member(name: member.key, value: value)
            }
        }
        self.dropParams = reader.bool("drop_params")
        self.additionalDropParams = reader.strings("additional_drop_params") ?? []
        self.allowedOpenAIParams = reader.strings("allowed_openai_params") ?? []
        self.mockResponse = reader.string("mock_response")
        self.mergeReasoningContentInChoices = reader.bool("merge_reasoning_content_in_choices")
    }

    private mutating func readLimits(_ reader: inout MappingReader) {
        self.rpm = reader.integer("rpm", 1...Int.max)
        self.tpm = reader.integer("tpm", 1...Int.max)
        self.itpm = reader.integer("itpm", 1...Int.max)
        self.otpm = reader.integer("otpm", 1...Int.max)
        self.weight = reader.number("weight", 0...Double.greatestFiniteMagnitude)
        self.order = reader.integer("order", 0...1_000_000)
        self.maxParallelRequests = reader.integer("max_parallel_requests", 1...Int.max)
        self.tags = reader.strings("tags") ?? []
        self.maxBudget = reader.money("max_budget")
        self.budgetDuration = reader.budgetPeriod("budget_duration")
    }

    private mutating func readPrices(_ reader: inout MappingReader) {
        self.inputCostPerToken = reader.price("input_cost_per_token")
        self.outputCostPerToken = reader.price("output_cost_per_token")
        self.cacheReadInputTokenCost = reader.price("cache_read_input_token_cost")
        self.cacheCreationInputTokenCost = reader.price("cache_creation_input_token_cost")
        for member in reader.members where PriceFields.contains(member.key) && !reader.wasAsked(member.key) {
            if let price = reader.price(member.key) { self.otherPrices[member.key] = price }
        }
    }
}

extension ModelInfo {
    /// Reads `model_info`.
    ///
    /// No key is unknown here: what Martlet has no use for is kept and given back.
    init(reading reader: MappingReader) {
        var reader = reader
        self.init()
        self.id = reader.string("id")
        self.mode = reader.string("mode")
        self.baseModel = reader.string("base_model")
        self.maxTokens = reader.integer("max_tokens")
        self.maxInputTokens = reader.integer("max_input_tokens")
        self.maxOutputTokens = reader.integer("max_output_tokens")
        self.accessGroups = reader.strings("access_groups") ?? []
        for member in reader.members where !reader.wasAsked(member.key) {
            guard let value = reader.value(member.key) else { continue }
            self.extra.append(ConfigValue.Member(name: member.key, value: value))
        }
    }
}
