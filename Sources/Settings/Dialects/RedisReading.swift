internal import Domain

extension MappingReader {
    /// The connection values of a Redis server, each key with `prefix` before it.
    mutating func redis(prefix: String) -> RedisSettings {
        var redis = RedisSettings()
        redis.host = self.string("\(prefix)host")
        redis.port = self.integer("\(prefix)port", 1...65_535)
        redis.username = self.string("\(prefix)username")
        redis.password = self.secret("\(prefix)password")
        redis.url = self.secret("\(prefix)url")
        redis.database = self.integer("\(prefix)db", 0...1_000_000)
        redis.usesTLS = self.bool("\(prefix)ssl")
        let schemes = ["redis://", "rediss://", "unix://"]
        if let url = redis.url, !schemes.contains(where: { url.reveal().lowercased().hasPrefix($0) }) {
            self.error("\(prefix)url", "\(self.pathOf("\(prefix)url")) must start with redis:// or rediss://")
        }
        return redis
    }

    /// The Redis that counters are shared through: its connection values, and how it is used.
    ///
    /// `policyPrefix` stands before `mode`, `when_unavailable` and `deadline_ms`, which a section of their own need not
    /// mark as Redis's.
    mutating func sharedRedis(policyPrefix: String) -> RedisSettings {
        var redis = self.redis(prefix: "redis_")
        redis.certificateFile = self.string("redis_ca_file")
        redis.sentinels = self.redisNodes("redis_sentinels", defaultPort: 26_379)
        redis.sentinelMaster = self.string("redis_sentinel_master")
        redis.clusterNodes = self.redisNodes("redis_cluster_nodes", defaultPort: 6379)
        redis.keyPrefix = self.string("redis_key_prefix")
        redis.mode = self.choice("\(policyPrefix)mode", of: SharingMode.self) ?? redis.mode
        let policy = self.choice("\(policyPrefix)when_unavailable", of: UnavailablePolicy.self)
        redis.whenUnavailable = policy ?? redis.whenUnavailable
        if let deadline = self.integer("\(policyPrefix)deadline_ms", 1...60_000) {
            redis.deadline = .milliseconds(deadline)
        }
        self.checkTopology(redis)
        return redis
    }

    private func checkTopology(_ redis: RedisSettings) {
        if !redis.sentinels.isEmpty, redis.sentinelMaster == nil {
            let message =
                "\(self.pathOf("redis_sentinels")) needs redis_sentinel_master, the name they know the master by"
            self.error("redis_sentinels", message)
        }
        if redis.sentinelMaster != nil, !self.has("redis_sentinels") {
            let message = "\(self.pathOf("redis_sentinel_master")) needs redis_sentinels, the addresses to ask"
            self.error("redis_sentinel_master", message)
        }
        if !redis.clusterNodes.isEmpty, !redis.sentinels.isEmpty {
            self.error(
                "redis_cluster_nodes",
                "\(self.path) has both Sentinels and cluster nodes; only one can be meant"
            )
        }
    }

    private mutating func redisNodes(_ key: String, defaultPort: Int) -> [RedisNode] {
        guard let items = self.items(key) else { return [] }
        return items.compactMap { item in
            let expected = "an address such as redis-1:\(defaultPort)"
            let reader = ScalarReader(context: self.context, path: item.path, expected: expected)
            return reader.read(item.node) { RedisNode($0, defaultPort: defaultPort) }
        }
    }
}

extension RedisSettings {
    /// Fills what the file leaves out from the variables LiteLLM reads.
    ///
    /// One that does not fit is left alone: it may belong to another program (Kubernetes sets `REDIS_PORT` to a URL).
    mutating func complete(from environment: [String: String]) {
        func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if !self.hasAddress {
            let schemes = ["redis://", "rediss://"]
            if let url = text("REDIS_URL"), schemes.contains(where: { url.lowercased().hasPrefix($0) }) {
                self.url = Secret(url)
            } else {
                self.host = text("REDIS_HOST")
            }
        }
        // A URL says these itself.
        guard self.hasAddress, self.url == nil else { return }
        if self.port == nil, let port = text("REDIS_PORT").flatMap({ Int($0) }), (1...65_535).contains(port) {
            self.port = port
        }
        if self.username == nil, self.password == nil { self.username = text("REDIS_USERNAME") }
        if self.password == nil { self.password = text("REDIS_PASSWORD").map { Secret($0) } }
    }
}
