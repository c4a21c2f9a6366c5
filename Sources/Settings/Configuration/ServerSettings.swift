/// Limits and times of the listener and of the connections upstream: the section `server`, Martlet's own.
package struct ServerSettings: Sendable, Equatable {
    /// Where to listen; nil leaves it to the command line (0.0.0.0:4000).
    package var host: String?
    package var port: Int?
    /// Where the embedded database and the journal are; from `MARTLET_DATA_DIR` when the file does not say.
    package var dataDirectory: String?
    /// A file of model prices that goes before the built-in list.
    package var priceFile: String?
    /// How often changes that other processes made are looked for.
    package var pollInterval: Duration = .seconds(1)
    /// Event loops; nil means one a core.
    package var threads: Int?

    package var maxHeaders = 100
    /// Bytes, as are the next four.
    package var maxHeaderSize = 16_384
    package var maxHeadersSize = 65_536
    package var maxURISize = 16_384
    /// From `general_settings.max_request_size_mb` when `server` does not say.
    package var maxBodySize = 100 << 20
    package var maxJSONDepth = 512
    package var maxConnections = 20_000
    package var headerTimeout: Duration = .seconds(10)
    package var idleTimeout: Duration = .seconds(75)
    /// Bytes a second a body must arrive with, after ten seconds of grace; zero for no such limit.
    package var bodyMinRate = 240
    /// Whether `provider/*` is offered for each provider whose key stands in the environment, besides the file's models.
    package var offersEnvironment = false
    package var shutdownTimeout: Duration = .seconds(30)
    /// How often a silent stream gets a comment; zero for never.
    package var streamPingInterval: Duration = .seconds(15)

    package var connectTimeout: Duration = .seconds(10)
    /// Nil means the request's timeout.
    package var firstByteTimeout: Duration?
    package var betweenChunksTimeout: Duration = .seconds(300)
    package var upstreamIdleTimeout: Duration = .seconds(60)
    /// Connections to one upstream; zero for no limit.
    package var upstreamMaxConnections = 0
    package var cors = CORSSettings()

    package init() {}
}

/// Which web pages may call the gateway.
package struct CORSSettings: Sendable, Equatable {
    package var isEnabled = true
    /// `*` for every origin.
    package var allowOrigins = ["*"]
    /// `*` for every header.
    package var allowHeaders = ["*"]
    package var exposeHeaders = ["*"]
    package var maxAge: Duration = .seconds(600)
    package var allowCredentials = false

    package init() {}
}
