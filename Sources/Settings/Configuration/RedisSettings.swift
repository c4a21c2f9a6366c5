package import Domain

/// A Redis server.
package struct RedisSettings: Sendable, Equatable {
    package var host: String?
    package var port: Int?
    package var username: String?
    package var password: Secret<String>?
    /// Wins over host and port; may hold a password.
    package var url: Secret<String>?
    package var database: Int?
    package var usesTLS: Bool?

    package init() {}

    package var isEmpty: Bool { self == RedisSettings() }
}

/// The response cache: `cache_settings`, or `litellm_settings.cache` with `cache_params`.
package struct CacheSettings: Sendable, Equatable {
    package var isEnabled = true
    /// `local`, `redis`, `redis-semantic`, ...; nil means Redis from the environment, as in LiteLLM.
    package var type: String?
    package var redis = RedisSettings()
    package var namespace: String?
    package var ttl: Duration?
    /// `default_on` or `default_off`.
    package var mode: String?
    /// Between 0 and 1; set, it turns similarity matching on.
    package var similarityThreshold: Double?
    package var supportedCallTypes: [String]?
    package var maxMessages: Int?
    package var embeddingModel: String?

    package init() {}
}
