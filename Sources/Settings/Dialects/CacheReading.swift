internal import Domain

extension CacheSettings {
    /// Reads `cache_settings` or `cache_params`.
    init(reading reader: inout MappingReader) {
        self.init()
        self.type = reader.string("type")
        let types = [
            "local", "redis", "redis-semantic", "valkey-semantic", "qdrant-semantic", "s3", "gcs", "azure-blob", "disk",
        ]
        if let type = self.type, !types.contains(type) { reader.refuse("type", type, allowed: types) }
        self.mode = reader.string("mode")
        let modes = ["default_on", "default_off"]
        if let mode = self.mode, !modes.contains(mode) { reader.refuse("mode", mode, allowed: modes) }
        self.redis = reader.redis(prefix: "")
        self.namespace = reader.string("namespace")
        self.ttl = reader.duration("ttl", allowsZero: true)
        self.similarityThreshold = reader.number("similarity_threshold", 0...1)
        self.supportedCallTypes = reader.strings("supported_call_types")
        self.maxMessages = reader.integer("max_messages", 1...Int.max)
        self.embeddingModel = reader.string("redis_semantic_cache_embedding_model")
        reader.finish(.cache)
    }

    /// These settings, with `other`'s where these say nothing.
    func completed(by other: CacheSettings) -> CacheSettings {
        var result = self
        result.type = self.type ?? other.type
        if self.redis.isEmpty { result.redis = other.redis }
        result.namespace = self.namespace ?? other.namespace
        result.ttl = self.ttl ?? other.ttl
        result.mode = self.mode ?? other.mode
        result.similarityThreshold = self.similarityThreshold ?? other.similarityThreshold
        result.supportedCallTypes = self.supportedCallTypes ?? other.supportedCallTypes
        result.maxMessages = self.maxMessages ?? other.maxMessages
        result.embeddingModel = self.embeddingModel ?? other.embeddingModel
        return result
    }
}

/// Brings together what both dialects say of the cache and of shared counters.
struct CacheReading {
    /// LiteLLM's half, from `litellm_settings`.
    var isSwitchedOn: Bool?
    var parameters: CacheSettings?
    var ttl: Duration?

    init(library reader: inout MappingReader) {
        self.isSwitchedOn = reader.bool("cache")
        if var nested = reader.mapping("cache_params") { self.parameters = CacheSettings(reading: &nested) }
        self.ttl = reader.duration("cache_ttl", allowsZero: true)
    }

    init() {}

    /// The cache as a whole; `chapter` is `cache_settings`, whose presence turns the cache on.
    func settings(chapter: CacheSettings?) -> CacheSettings? {
        var cache = chapter ?? CacheSettings()
        if let parameters = self.parameters { cache = cache.completed(by: parameters) }
        cache.ttl = cache.ttl ?? self.ttl
        guard chapter != nil || self.parameters != nil || self.isSwitchedOn != nil else { return nil }
        cache.isEnabled = self.isSwitchedOn ?? (chapter != nil)
        return cache
    }
}
