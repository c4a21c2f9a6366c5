/// Which servers are used, and how.
package struct RedisConfiguration: Sendable, Equatable {
    /// How the servers stand to each other.
    package enum Topology: Sendable, Equatable {
        case single(RedisEndpoint)
        /// Sentinels are asked who the master of that name is.
        case sentinel(addresses: [RedisEndpoint], masterName: String)
        /// A cluster; the addresses of some of its nodes.
        case cluster(seeds: [RedisEndpoint])
    }

    package var topology: Topology
    package var credentials: RedisCredentials?
    /// What Sentinels ask for, which have users of their own.
    package var sentinelCredentials: RedisCredentials?
    /// The number of the database; clusters have number 0 only.
    package var database: Int
    package var tls: RedisTLS?
    /// What connections are called in `CLIENT LIST`.
    package var clientName: String
    /// Connections to each server.
    ///
    /// Commands on one are pipelined, so one does unless values are large.
    package var connections: Int
    package var timing: Timing

    package init(
        _ topology: Topology,
        credentials: RedisCredentials? = nil,
        database: Int = 0,
        tls: RedisTLS? = nil
    ) {
        self.topology = topology
        self.credentials = credentials
        self.sentinelCredentials = nil
        self.database = database
        self.tls = tls
        self.clientName = "martlet"
        self.connections = 1
        self.timing = Timing()
    }

    /// Durations and counts that bound how long a sick server is noticed.
    package struct Timing: Sendable, Equatable {
        /// A connection with its handshake has to stand within that.
        package var connect: Duration = .seconds(2)
        /// Pauses between attempts to connect double from the first to the last.
        package var firstReconnect: Duration = .milliseconds(50)
        package var lastReconnect: Duration = .seconds(2)
        /// A connection whose oldest command waits that long is given up.
        package var stall: Duration = .seconds(5)
        /// The breaker opens after that many failures in a row.
        package var failuresToOpen: Int = 5
        /// An open breaker sends its next probe after that.
        package var probeInterval: Duration = .milliseconds(500)
        /// A probe has to be answered within that for the breaker to close.
        package var probeDeadline: Duration = .milliseconds(5)
        /// A Sentinel is asked that often whether the master is another, besides at each connect.
        package var masterCheck: Duration = .seconds(5)
        /// The map of a cluster is read anew at least that often.
        package var mapRefresh: Duration = .seconds(30)
        /// A log line about the same trouble is repeated no sooner.
        package var logInterval: Duration = .seconds(30)

        package init() {}
    }
}
