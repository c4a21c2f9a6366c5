package import Domain

/// A Redis server, or several that stand for one, and how counters are shared through it.
package struct RedisSettings: Sendable, Equatable {
    package var host: String?
    package var port: Int?
    package var username: String?
    package var password: Secret<String>?
    /// Wins over host and port; may hold a password.
    package var url: Secret<String>?
    package var database: Int?
    package var usesTLS: Bool?
    /// Certificates, in PEM, that the server's is checked against; nil for the system's.
    package var certificateFile: String?
    /// Asked where the master is; then host and port play no part.
    package var sentinels: [RedisNode] = []
    package var sentinelMaster: String?
    /// Where to begin to learn a cluster's layout; then host and port play no part.
    package var clusterNodes: [RedisNode] = []

    package var mode: SharingMode = .lease
    package var whenUnavailable: UnavailablePolicy = .local
    /// How long a call waits for Redis at most.
    package var deadline: Duration = .milliseconds(5)
    /// What every key begins with; nil leaves it to the counters.
    package var keyPrefix: String?

    package init() {}

    package var isEmpty: Bool { self == RedisSettings() }

    /// Whether anything says where the server is.
    package var hasAddress: Bool {
        self.host != nil || self.url != nil || !self.sentinels.isEmpty || !self.clusterNodes.isEmpty
    }
}

/// How replicas share a counter: `mode`.
package enum SharingMode: String, Sendable, Equatable, CaseIterable {
    /// Redis is asked about every call.
    case strict
    /// Quota is taken in slices, so that most calls ask nobody.
    case lease
}

/// What becomes of calls while Redis does not answer: `when_unavailable`.
package enum UnavailablePolicy: String, Sendable, Equatable, CaseIterable {
    /// Each replica lets in as many as the whole limit.
    case failOpen = "fail_open"
    /// They are refused.
    case failClosed = "fail_closed"
    /// Each replica keeps to its part of the limits.
    case local
}

/// The address of one of several Redis servers.
package struct RedisNode: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port` or `[::1]:port`; nil when it is none of these.
    init?(_ text: String, defaultPort: Int) {
        var host = Substring(text)
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let number = port.map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) ?? 0 : 0 } ?? defaultPort
        let isClean = host.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@")
        }
        guard !host.isEmpty, isClean, (1...65_535).contains(number) else { return nil }
        self.init(host: String(host), port: number)
    }
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
