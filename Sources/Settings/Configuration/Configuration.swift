/// Everything a configuration file says, whichever dialect it is written in.
///
/// A value of this type is complete and checked: names that refer to something do, numbers are in range, and every
/// model's provider is known. What the file leaves out is nil or empty, unless its type gives a default.
package struct Configuration: Sendable, Equatable {
    /// The deployments, in the order of the file.
    package var models: [ModelEntry] = []
    /// Whether there is a `model_list` at all.
    ///
    /// Without one, models are offered by the keys in the environment.
    package var declaresModels = false
    package var general = GeneralSettings()
    /// `litellm_settings`.
    package var library = LibrarySettings()
    /// `router_settings`.
    package var router = RouterSettings()
    /// Martlet's own section: limits and times of the listener and of the connections upstream.
    package var server = ServerSettings()
    /// `user_config`.
    package var users: [UserEntry] = []
    /// The Redis that counters are shared through; nil when they stay in the process.
    package var sharedCounters: RedisSettings?
    package var cache: CacheSettings?
    package var fallbacks = FallbackSettings()
    /// `logging` and the callbacks of `litellm_settings`.
    package var sinks: [LoggingSink] = []
    /// `environment_variables`, resolved.
    package var environment: [NamedSecret] = []
    package var credentials: [CredentialEntry] = []

    package init() {}

    /// What the environment says where there is no file.
    package init(environment: [String: String]) {
        self.complete(from: environment)
    }

    /// Fills what the file leaves out from the environment.
    mutating func complete(from environment: [String: String]) {
        self.general.complete(from: environment)
        if self.server.dataDirectory == nil, let directory = environment["MARTLET_DATA_DIR"], !directory.isEmpty {
            self.server.dataDirectory = directory
        }
        var redis = self.sharedCounters ?? RedisSettings()
        redis.complete(from: environment)
        if redis.hasAddress || self.sharedCounters != nil { self.sharedCounters = redis }
    }

    /// The names of the model groups, in order of appearance, each once.
    package var modelGroups: [String] {
        var seen: Set<String> = []
        return self.models.map(\.modelName).filter { seen.insert($0).inserted }
    }
}
