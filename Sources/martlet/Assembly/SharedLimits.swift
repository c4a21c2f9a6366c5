import Domain
internal import Logging
import NIOCore
import NIOPosix
import Policies
import RedisClient
import Settings
import Stores

/// Limits that replicas share through Redis, or, where none is declared, those of this process.
struct SharedLimits {
    let quotas: Quotas
    private let client: RedisClient?
    private let group: MultiThreadedEventLoopGroup?

    /// How long the start waits for Redis: a gateway that cannot reach it goes by the declared fallback.
    private static let patience = Duration.seconds(1)

    /// - Parameters:
    ///   - settings: nil where limits are not shared.
    ///   - logger: hears when Redis goes away and comes back.
    /// - Throws: `StartFailure` for an address or a certificate that cannot be used.
    init(_ settings: RedisSettings?, logger: Logger) throws {
        guard let settings, settings.hasAddress else {
            self.quotas = Quotas()
            self.client = nil
            self.group = nil
            return
        }
        // A thread of its own: a lane that is busy would look like a Redis that is slow.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let configuration = try Self.configuration(settings)
        let client: RedisClient
        do throws(RedisError) {
            client = try RedisClient(configuration, on: group.next()) { event in
                Self.log(event, logger)
            }
        } catch {
            throw StartFailure("Redis: \(error)")
        }
        let counters = RedisSharedCounters(
            client,
            replica: RandomName.make(),
            prefix: settings.keyPrefix,
            deadline: settings.deadline
        )
        self.client = client
        self.group = group
        self.quotas = Quotas(shared: counters, settings: Self.sharing(settings)) { change in
            Self.log(change, settings, logger)
        }
    }

    /// Waits for Redis a moment, so that the first calls find their limits shared.
    func start(at now: WallTime) async {
        guard let client = self.client else { return }
        _ = await client.ready(within: Self.patience)
        await self.quotas.tend(at: now)
    }

    /// After the last call, and when nobody tends the limits any more.
    func stop(at now: WallTime) async {
        await self.quotas.shutDown(at: now)
        self.client?.close()
        // A thread that does not end is not worth waiting for at the end of the process.
        try? await self.group?.shutdownGracefully()
    }
}

// MARK: - Reading settings

extension SharedLimits {
    private static func configuration(_ settings: RedisSettings) throws(StartFailure) -> RedisConfiguration {
        var configuration: RedisConfiguration
        if let url = settings.url {
            do throws(RedisURLError) {
                configuration = try RedisConfiguration(url: url.reveal())
            } catch {
                throw StartFailure("redis_url: \(error)")
            }
        } else {
            let host = settings.host ?? "localhost"
            configuration = RedisConfiguration(
                .single(RedisEndpoint(host: host, port: settings.port ?? RedisEndpoint.defaultPort))
            )
        }
        if !settings.sentinels.isEmpty {
            let addresses = settings.sentinels.map { RedisEndpoint(host: $0.host, port: $0.port) }
            configuration.topology = .sentinel(addresses: addresses, masterName: settings.sentinelMaster ?? "mymaster")
        } else if !settings.clusterNodes.isEmpty {
            let seeds = settings.clusterNodes.map { RedisEndpoint(host: $0.host, port: $0.port) }
            configuration.topology = .cluster(seeds: seeds)
        }
        if let password = settings.password {
            configuration.credentials = RedisCredentials(
                user: settings.username,
                password: RedisPassword(password.reveal())
            )
        }
        if let database = settings.database { configuration.database = database }
        if settings.usesTLS == true, configuration.tls == nil { configuration.tls = RedisTLS() }
        if let file = settings.certificateFile, configuration.tls != nil {
            configuration.tls?.check = .roots(file: file)
        }
        configuration.timing.probeDeadline = settings.deadline
        return configuration
    }

    private static func sharing(_ settings: RedisSettings) -> SharedQuotaSettings {
        var sharing = SharedQuotaSettings()
        sharing.precision = settings.mode == .strict ? .strict : .lease
        let fallback: SharedQuotaSettings.Fallback =
            switch settings.whenUnavailable {
            case .failOpen: .failOpen
            case .failClosed: .failClosed
            case .local: .local
            }
        sharing.rateFallback = fallback
        sharing.budgetFallback = fallback
        return sharing
    }
}

// MARK: - Telling the operator

extension SharedLimits {
    private static func log(_ event: RedisEvent, _ logger: Logger) {
        switch event {
        case .connected(let server): logger.info("Redis is connected", metadata: ["server": "\(server)"])
        case .disconnected(let server, let error):
            logger.warning("Redis is not connected", metadata: ["server": "\(server)", "reason": "\(error)"])
        case .suspended(let server):
            logger.warning("Redis does not answer in time and is not asked for now", metadata: ["server": "\(server)"])
        case .resumed(let server): logger.info("Redis answers again", metadata: ["server": "\(server)"])
        case .masterChanged(let server): logger.info("Redis has another master", metadata: ["server": "\(server)"])
        case .noDirections(let error):
            logger.warning("nobody says where the Redis servers are", metadata: ["reason": "\(error)"])
        }
    }

    private static func log(_ change: SharedQuotaChange, _ settings: RedisSettings, _ logger: Logger) {
        switch change {
        case .there(let replicas):
            logger.info(
                "limits are shared through Redis",
                metadata: ["mode": "\(settings.mode.rawValue)", "replicas": "\(replicas)"]
            )
        case .away(let error):
            var metadata: Logger.Metadata = ["when_unavailable": "\(settings.whenUnavailable.rawValue)"]
            if case .refused(let reason) = error { metadata["reason"] = "\(reason)" }
            logger.warning("limits are not shared: Redis does not serve them", metadata: metadata)
        }
    }
}
