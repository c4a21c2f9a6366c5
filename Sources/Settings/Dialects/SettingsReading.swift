internal import Domain

extension GeneralSettings {
    init(reading reader: inout MappingReader) {
        self.init()
        self.masterKey = reader.secret("master_key")
        self.permitsWeakMasterKey = reader.bool("dangerously_permit_weak_or_unset_master_key") ?? false
        if self.hasWeakMasterKey {
            let suggestion = "set one of your own, for example from `openssl rand -hex 24`"
            reader.warning("master_key", Self.weakMasterKeyWarning, suggestion: suggestion)
        }
        self.database = reader.database("database_url")
        self.databasePoolSize = reader.integer("database_connection_pool_limit", 1...10_000)
        self.allowsRequestsWithoutDatabase = reader.bool("allow_requests_on_db_unavailable") ?? false
        self.saltKey = reader.secret("salt_key")
        self.disablesSpendLogs = reader.bool("disable_spend_logs") ?? false
        self.budgetMode = reader.choice("budget_mode", of: BudgetMode.self) ?? .standard
        self.retentionPeriod = reader.duration("maximum_spend_logs_retention_period")
        self.retentionRecords = reader.integer("maximum_spend_logs_retention_records", 1...Int.max)
        self.logLevel = reader.choice("log_level", of: LogLevel.self)
        self.maxRequestSizeMB = reader.integer("max_request_size_mb", 1...1_048_576)
        self.maxResponseSizeMB = reader.integer("max_response_size_mb", 1...1_048_576)
        self.keyHeaderName = reader.headerName("litellm_key_header_name")
        self.userHeaderName = reader.headerName("user_header_name")
        self.completionModel = reader.string("completion_model")
        self.allowsClientSideCredentials = reader.bool("allow_client_side_credentials") ?? false
        self.forwardsClientHeaders = reader.bool("forward_client_headers_to_llm_api") ?? false
        self.forwardsOpenAIOrganization = reader.bool("forward_openai_org_id") ?? false
        self.alwaysIncludesStreamUsage = reader.bool("always_include_stream_usage") ?? false
        self.cancelsOnDisconnect = reader.bool("cancel_on_disconnect") ?? false
        self.includesCallIDInErrorBody = reader.bool("include_call_id_in_error_body") ?? false
        self.globalMaxRPM = reader.integer("global_max_rpm", 1...Int.max)
        self.globalMaxTPM = reader.integer("global_max_tpm", 1...Int.max)
        self.globalMaxParallelRequests = reader.integer("global_max_parallel_requests", 1...Int.max)
        self.maxParallelRequests = reader.integer("max_parallel_requests", 1...Int.max)
        reader.finish(.general)
    }

    static let weakMasterKeyWarning =
        "WEAK MASTER KEY: 'sk-1234' is publicly known, and whoever reaches this gateway can administer it"

    /// Whether the master key is the one every tutorial has, and nobody said that this is meant.
    var hasWeakMasterKey: Bool {
        self.masterKey?.reveal() == "sk-1234" && !self.permitsWeakMasterKey
    }

    /// Fills what the file leaves out from the variables LiteLLM reads.
    ///
    /// One that does not fit is left alone: it may
    /// belong to another program.
    mutating func complete(from environment: [String: String]) {
        if self.masterKey == nil, let key = environment["LITELLM_MASTER_KEY"], !key.isEmpty {
            self.masterKey = Secret(key)
        }
        if self.database == nil { self.database = environment["DATABASE_URL"].flatMap { DatabaseLocation(url: $0) } }
        if self.saltKey == nil {
            let names = ["MARTLET_SALT_KEY", "LITELLM_SALT_KEY"]
            self.saltKey = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }.map { Secret($0) }
        }
        if self.logLevel == nil {
            let level = environment["LITELLM_LOG"] ?? environment["LITELLM_LOG_LEVEL"]
            self.logLevel = level.flatMap { LogLevel(rawValue: $0.lowercased()) }
        }
    }
}

extension MappingReader {
    fileprivate mutating func database(_ key: String) -> DatabaseLocation? {
        guard let url = self.secret(key) else { return nil }
        if let location = DatabaseLocation(url: url.reveal()) { return location }
        self.error(key, "\(self.pathOf(key)) must start with sqlite:///, postgresql:// or postgres://")
        return nil
    }

    fileprivate mutating func tlsVerification(_ key: String) -> TLSVerification? {
        guard let text = self.scalar(key, expected: "true, false or a file of certificates", { $0 }) else { return nil }
        switch ScalarConversion.boolean(text) {
        case true?: return .system
        case nil: return .certificates(file: text)
        case false?:
            self.warning(
                key,
                "\(self.pathOf(key)) is off: anyone between here and a provider can read keys and prompts"
            )
            return .off
        }
    }
}

extension LibrarySettings {
    init(reading reader: inout MappingReader) {
        self.init()
        self.dropParams = reader.bool("drop_params") ?? false
        self.modifyParams = reader.bool("modify_params") ?? false
        self.requestTimeout = reader.duration("request_timeout")
        self.numRetries = reader.integer("num_retries", 0...1000)
        self.allowedFails = reader.integer("allowed_fails", 0...1_000_000)
        self.modelAliases = (reader.pairs("model_alias_map") ?? []).map { ModelAlias(alias: $0.name, model: $0.value) }
        self.ssePingInterval = reader.duration("sse_keepalive_ping_interval_seconds", allowsZero: true)
        self.anthropicSSEPingInterval = reader.duration("anthropic_sse_ping_interval_seconds", allowsZero: true)
        self.jsonLogs = reader.bool("json_logs") ?? false
        self.verbose = reader.bool("set_verbose") ?? false
        self.tlsVerification = reader.tlsVerification("ssl_verify") ?? .system
        self.clientCertificate = reader.string("ssl_certificate")
        self.includesCostInStreamingUsage = reader.bool("include_cost_in_streaming_usage") ?? false
        self.exposesRouterDebugInErrors = reader.bool("expose_router_debug_in_errors") ?? true
        self.costTracking = reader.bool("cost_tracking") ?? true
        self.turnsOffMessageLogging = reader.bool("turn_off_message_logging") ?? false
        self.redactsKeyInfo = reader.bool("redact_user_api_key_info") ?? false
        self.maxBudget = reader.money("max_budget")
        self.budgetDuration = reader.budgetPeriod("budget_duration")
        self.maxEndUserBudget = reader.money("max_end_user_budget")
        self.budgetExceededStatusCode = reader.integer("budget_exceeded_status_code", 400...599)
        self.requiresKeyForMetrics = reader.bool("require_auth_for_metrics_endpoint")
    }
}

extension RouterSettings {
    init(reading reader: inout MappingReader) {
        self.init()
        self.timeout = reader.duration("timeout")
        self.streamTimeout = reader.duration("stream_timeout")
        self.numRetries = reader.integer("num_retries", 0...1000)
        self.retryAfter = reader.duration("retry_after", allowsZero: true)
        self.allowedFails = reader.integer("allowed_fails", 0...1_000_000)
        self.cooldownTime = reader.duration("cooldown_time", allowsZero: true)
        self.disablesCooldowns = reader.bool("disable_cooldowns") ?? false
        self.strategy = reader.choice("routing_strategy", of: RoutingStrategy.self) ?? .simpleShuffle
        if self.strategy != .simpleShuffle {
            let message = "routing strategy '\(self.strategy.rawValue)' is accepted, not in force yet"
            reader.warning("routing_strategy", message, suggestion: "until then simple-shuffle is used")
        }
        self.groupAliases = Self.aliases(&reader)
        self.enablesPreCallChecks = reader.bool("enable_pre_call_checks") ?? false
        self.enablesTagFiltering = reader.bool("enable_tag_filtering") ?? false
        self.defaultMaxParallelRequests = reader.integer("default_max_parallel_requests", 1...Int.max)
        self.retryPolicy = reader.counts("retry_policy", .retryPolicy)
        self.allowedFailsPolicy = reader.counts("allowed_fails_policy", .allowedFailsPolicy)
        self.providerBudgets = reader.providerBudgets("provider_budget_config")
    }

    /// Both forms: `alias: group` and `alias: {model: group, hidden: true}`.
    private static func aliases(_ reader: inout MappingReader) -> [ModelGroupAlias] {
        guard var nested = reader.mapping("model_group_alias") else { return [] }
        return nested.members.compactMap { member in
            if case .scalar = member.value.content {
                let group = nested.string(member.key)
                return group.map { ModelGroupAlias(alias: member.key, group: $0, isHidden: false) }
            }
            guard var long = nested.mapping(member.key) else { return nil }
            long.require("model")
            let group = long.string("model")
            let isHidden = long.bool("hidden") ?? false
            long.finish(.groupAlias)
            return group.map { ModelGroupAlias(alias: member.key, group: $0, isHidden: isHidden) }
        }
    }
}

extension MappingReader {
    /// A mapping of fixed names to counts.
    fileprivate mutating func counts(_ key: String, _ keys: SectionKeys) -> [String: Int] {
        guard var nested = self.mapping(key) else { return [:] }
        var counts: [String: Int] = [:]
        for name in keys.inForce { counts[name] = nested.integer(name, 0...1_000_000) }
        nested.finish(keys)
        return counts
    }
}
