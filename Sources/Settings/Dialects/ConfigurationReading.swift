internal import Domain

/// Reads a whole document, in either dialect or a mix of both, into one ``Configuration``.
struct ConfigurationReading {
    let context: ReadingContext
    private var configuration = Configuration()
    private var libraryFallbacks = FallbackSettings()
    private var cache = CacheReading()

    init(context: ReadingContext) {
        self.context = context
    }

    mutating func read(_ root: YAMLNode) -> Configuration {
        guard var top = MappingReader(root, path: "", context: self.context) else { return self.configuration }
        // Variables come first: every later look-up may refer to them. Credentials come before the models.
        self.readEnvironment(&top)
        self.configuration.credentials = top.entries("credential_list") { CredentialEntry(reading: &$0) } ?? []
        self.readModels(&top)
        self.readSettings(&top)
        self.readSharedCounters(&top)
        self.readUsers(&top)
        self.readFallbackMapping(&top)
        // The loader has followed these.
        _ = top.member("include")
        top.finish(.top)
        ReferenceCheck(configuration: self.configuration, reader: top).run()
        self.completeGeneral(top)
        return self.configuration
    }

    private mutating func completeGeneral(_ top: MappingReader) {
        let inFile = self.configuration.general.masterKey
        self.configuration.complete(from: self.context.environment)
        if inFile == nil, self.configuration.general.hasWeakMasterKey {
            top.warning("general_settings", "LITELLM_MASTER_KEY: \(GeneralSettings.weakMasterKeyWarning)")
        }
    }

    private mutating func readEnvironment(_ top: inout MappingReader) {
        guard var reader = top.mapping("environment_variables") else { return }
        // One after the other: a value may refer to a variable set before it.
        for member in reader.members {
            let value = reader.scalar(member.key, expected: "text", isSecret: true) { $0 }
            guard let value else { continue }
            self.configuration.environment.append(NamedSecret(name: member.key, value: Secret(value)))
            self.context.override(variable: member.key, with: value)
        }
    }

    private mutating func readModels(_ top: inout MappingReader) {
        guard top.has("model_list") else {
            _ = top.member("model_list")
            let message = "there is no model_list; only models whose providers' keys are in the environment are offered"
            top.warning("model_list", message)
            return
        }
        let reading = ModelListReading(context: self.context, credentials: self.configuration.credentials)
        self.configuration.declaresModels = true
        if top.items("model_list")?.isEmpty == true {
            top.error("model_list", "model_list is empty", suggestion: "add a model, or leave the section out")
        }
        self.configuration.models = top.entries("model_list") { reading.entry(&$0) } ?? []
        self.checkDeploymentIDs(top)
    }

    private func checkDeploymentIDs(_ top: MappingReader) {
        var lines: [String: Int] = [:]
        for model in self.configuration.models {
            guard let id = model.info.id else { continue }
            if let line = lines[id] {
                let message = "the model_info.id '\(Found.shortened(id))' is taken by the entry at line \(line)"
                self.context.log.error(at: model.position, path: "model_list", message)
            }
            lines[id] = model.position.line
        }
    }

    private mutating func readSettings(_ top: inout MappingReader) {
        if var reader = top.mapping("general_settings") {
            self.configuration.general = GeneralSettings(reading: &reader)
        }
        if var reader = top.mapping("litellm_settings") {
            self.configuration.library = LibrarySettings(reading: &reader)
            self.libraryFallbacks = FallbackSettings(reading: &reader)
            self.cache = CacheReading(library: &reader)
            self.configuration.sinks = reader.callbacks()
            reader.finish(.library)
        }
        if var reader = top.mapping("router_settings") {
            self.configuration.router = RouterSettings(reading: &reader)
            self.configuration.fallbacks = FallbackSettings(reading: &reader)
            let redis = reader.sharedRedis(policyPrefix: "redis_")
            if !redis.isEmpty { self.configuration.sharedCounters = redis }
            reader.finish(.router)
        }
        self.configuration.fallbacks = self.configuration.fallbacks.completed(by: self.libraryFallbacks)
        if let megabytes = self.configuration.general.maxRequestSizeMB {
            self.configuration.server.maxBodySize = megabytes << 20
        }
        if var reader = top.mapping("server") {
            let fromGeneral = self.configuration.server.maxBodySize
            self.configuration.server = ServerSettings(reading: &reader)
            if !reader.has("max_body_size") { self.configuration.server.maxBodySize = fromGeneral }
        }
    }

    private mutating func readSharedCounters(_ top: inout MappingReader) {
        if var reader = top.mapping("rate_limit_config") {
            let redis = reader.sharedRedis(policyPrefix: "")
            reader.finish(.sharedCounters)
            if !redis.isEmpty { self.configuration.sharedCounters = redis }
        }
        var chapter: CacheSettings?
        if var reader = top.mapping("cache_settings") { chapter = CacheSettings(reading: &reader) }
        self.configuration.cache = self.cache.settings(chapter: chapter)
        // As in LiteLLM, the cache's Redis serves the counters when there is no other.
        let cacheRedis = self.cache.parameters?.redis ?? RedisSettings()
        if self.configuration.sharedCounters == nil, !cacheRedis.isEmpty {
            self.configuration.sharedCounters = cacheRedis
        }
    }

    private mutating func readUsers(_ top: inout MappingReader) {
        var reading = UserListReading()
        self.configuration.users = top.entries("user_config") { reading.entry(&$0) } ?? []
        self.configuration.sinks += top.entries("logging") { LoggingSink(reading: &$0) } ?? []
    }

    private mutating func readFallbackMapping(_ top: inout MappingReader) {
        guard var reader = top.mapping("fallback_mapping") else { return }
        self.configuration.fallbacks.add(mapping: reader.fallbackRules())
    }
}
