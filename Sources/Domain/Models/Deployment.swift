package import NIOCore
package import WireFormats

/// A model at a vendor account: one entry of `model_list`, made ready for the request path.
///
/// Everything that can be worked out once is worked out when the snapshot is built; a request only reads.
package final class Deployment: Sendable {
    /// Its place among all deployments of its snapshot.
    package let index: Int
    /// Stable over restarts; `x-litellm-model-id`.
    package let id: String
    /// The model group it belongs to: `model_name`.
    package let group: String
    /// The provider's name, such as `anthropic`.
    package let provider: String
    /// The model's name at the provider, which may hold `*`, to be filled from the requested name.
    package let upstreamModel: String
    package let endpoint: Endpoint
    package let capabilities: ModelCapabilities
    package let settings: Settings

    package init(
        index: Int = 0,
        id: String,
        group: String,
        provider: String,
        upstreamModel: String,
        endpoint: Endpoint,
        capabilities: ModelCapabilities,
        settings: Settings
    ) {
        self.index = index
        self.id = id
        self.group = group
        self.provider = provider
        self.upstreamModel = upstreamModel
        self.endpoint = endpoint
        self.capabilities = capabilities
        self.settings = settings
    }

    /// Where a deployment's requests go.
    package struct Endpoint: Sendable {
        package var origin: Origin
        /// The path below which the provider's routes stand, such as `/v1`; no slash at its end.
        package var basePath: String
        /// For people and headers: scheme, host, port and base path; no user, password or query.
        package var displayBase: String
        /// The request headers that are the same every time, credentials included: `name: value CR LF`, repeated.
        package var headers: Secret<ByteBuffer>
        /// What of the above nobody but the provider may see: keys, to be taken out of what the provider says.
        package var credentials: [Secret<String>]

        package init(
            origin: Origin,
            basePath: String,
            displayBase: String,
            headers: Secret<ByteBuffer>,
            credentials: [Secret<String>] = []
        ) {
            self.credentials = credentials
            self.origin = origin
            self.basePath = basePath
            self.displayBase = displayBase
            self.headers = headers
        }
    }

    /// The entry's settings that requests obey.
    package struct Settings: Sendable {
        package var timeouts: UpstreamTimeouts
        /// Whether parameters the provider does not know are left out in silence; otherwise they are refused.
        package var dropsUnsupported: Bool
        /// Parameters to leave out whatever the provider knows.
        package var droppedParameters: [String]
        /// Parameters to pass on although the provider is not known to take them.
        package var allowedParameters: [String]
        /// Members to add to each request body.
        package var extraBody: JSONObject
        /// The answer to give without calling anybody.
        package var mockResponse: String?
        /// The share of the group's traffic: `weight`, else `rpm`, else `tpm`, else 1.
        package var weight: Double
        /// Lower comes first.
        package var order: Int
        /// How long a stream may be silent before a comment is sent; nil for what holds everywhere.
        package var pingInterval: Duration?
        /// `model_info.access_groups`: names by which keys are given this deployment's group.
        package var accessGroups: [String] = []
        /// What all calls together may use and spend here: `rpm`, `tpm`, `max_parallel_requests`, `max_budget`.
        package var allowance = Allowance()

        package init(
            timeouts: UpstreamTimeouts,
            dropsUnsupported: Bool = false,
            droppedParameters: [String] = [],
            allowedParameters: [String] = [],
            extraBody: JSONObject = JSONObject(),
            mockResponse: String? = nil,
            weight: Double = 1,
            order: Int = 0,
            pingInterval: Duration? = nil
        ) {
            self.pingInterval = pingInterval
            self.timeouts = timeouts
            self.dropsUnsupported = dropsUnsupported
            self.droppedParameters = droppedParameters
            self.allowedParameters = allowedParameters
            self.extraBody = extraBody
            self.mockResponse = mockResponse
            self.weight = weight
            self.order = order
        }
    }
}

/// A place connections go to, and are pooled by.
package struct Origin: Sendable, Hashable {
    package var host: String
    package var port: Int
    package var isTLS: Bool
    package var certificates: CertificateCheck

    package init(host: String, port: Int, isTLS: Bool, certificates: CertificateCheck = .system) {
        self.host = host
        self.port = port
        self.isTLS = isTLS
        self.certificates = certificates
    }

    /// The value of `host:`: the port is left out where it is the scheme's own.
    package var hostHeader: String {
        let name = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == (self.isTLS ? 443 : 80) ? name : "\(name):\(self.port)"
    }
}

/// What a server's certificate is checked against (`ssl_verify`).
package enum CertificateCheck: Sendable, Hashable {
    /// The system's roots, or those of `SSL_CERT_FILE`.
    case system
    /// The roots in a PEM file.
    case roots(file: String)
    /// Nothing: anybody may be the server.
    case off
}

/// How long each part of an attempt may take.
package struct UpstreamTimeouts: Sendable, Hashable {
    package var connect: Duration
    /// From the request's last byte to the answer's first.
    package var firstByte: Duration
    /// The same for streams.
    package var streamFirstByte: Duration
    /// Between two reads of an answer's body.
    package var betweenChunks: Duration
    /// From the attempt's start to the answer's end: plain answers.
    package var total: Duration
    /// The same for streams.
    package var streamTotal: Duration

    package init(
        connect: Duration,
        firstByte: Duration,
        streamFirstByte: Duration? = nil,
        betweenChunks: Duration,
        total: Duration,
        streamTotal: Duration
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.streamFirstByte = streamFirstByte ?? firstByte
        self.betweenChunks = betweenChunks
        self.total = total
        self.streamTotal = streamTotal
    }
}
