/// How to reach a database and how long to wait for it.
package struct PostgresOptions: Sendable {
    package var url: PostgresURL
    /// Shown in `pg_stat_activity`, unless the URL names another.
    package var applicationName = "martlet"
    /// For one address of one host; the URL's `connect_timeout` is preferred.
    package var connectTimeout: Duration
    /// How long a job may take from its submission to its end, unless its caller says otherwise.
    package var timeout = Duration.seconds(30)
    /// How many prepared statements a connection keeps; 0 keeps none.
    package var statementLimit: Int
    /// How many connections at most; the URL's `connection_limit` is preferred.
    package var size: Int
    /// How many jobs may wait for a connection.
    package var queueLimit = 1024
    /// Pauses between attempts to connect double from the first to the last.
    package var firstPause = Duration.milliseconds(100)
    package var longestPause = Duration.seconds(5)
    /// How often a transaction is tried in all when the server asks for its repetition.
    package var attempts = 6

    package init(_ url: PostgresURL) {
        self.url = url
        self.connectTimeout = url.connectTimeout ?? .seconds(5)
        self.statementLimit = url.isPooled ? 0 : 200
        self.size = url.connectionLimit ?? 4
    }
}
