extension FallbackSettings {
    /// Reads LiteLLM's lists, which may stand in `router_settings` and in `litellm_settings`.
    init(reading reader: inout MappingReader) {
        self.init()
        self.general = reader.fallbackRules("fallbacks")
        self.contextWindow = reader.fallbackRules("context_window_fallbacks")
        self.contentPolicy = reader.fallbackRules("content_policy_fallbacks")
        self.defaults = reader.strings("default_fallbacks") ?? []
        self.maxFallbacks = reader.integer("max_fallbacks", 0...1000)
    }

    /// These settings, with `other`'s lists where these have none.
    func completed(by other: FallbackSettings) -> FallbackSettings {
        var result = self
        if result.general.isEmpty { result.general = other.general }
        if result.contextWindow.isEmpty { result.contextWindow = other.contextWindow }
        if result.contentPolicy.isEmpty { result.contentPolicy = other.contentPolicy }
        if result.defaults.isEmpty { result.defaults = other.defaults }
        result.maxFallbacks = self.maxFallbacks ?? other.maxFallbacks
        return result
    }

    /// Adds the chapter's `fallback_mapping`; a group that has a rule already keeps it.
    mutating func add(mapping rules: [FallbackRule]) {
        let known = Set(self.general.map(\.group))
        self.general += rules.filter { !known.contains($0.group) }
    }
}

extension MappingReader {
    /// LiteLLM's form: a list of mappings, `[{group: [other, ...]}, ...]`.
    fileprivate mutating func fallbackRules(_ key: String) -> [FallbackRule] {
        let rules = self.entries(key) { reader in reader.fallbackRules() }
        return rules?.flatMap { $0 } ?? []
    }

    /// The chapter's form: one mapping of groups to lists.
    mutating func fallbackRules() -> [FallbackRule] {
        self.allStringLists().map { FallbackRule(group: $0.name, fallbacks: $0.values) }
    }
}
