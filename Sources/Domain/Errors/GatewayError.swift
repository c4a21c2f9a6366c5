/// What goes wrong in a call, in the words its client will read.
///
/// The one error that reaches the wire: `Gateway` renders it in the client's protocol. The message never holds a secret,
/// a stack trace or anything internal; it says what happened and, where there is something to do, what to do.
package struct GatewayError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The request is wrong, and would be wrong again.
        case badRequest
        case authentication
        case permission
        case notFound
        case methodNotAllowed
        case requestTimeout
        case tooLarge
        case uriTooLong
        case headersTooLarge
        case rateLimited
        case quotaExceeded
        /// The provider answered with a failure of its own, or with something that is no answer.
        case upstream
        /// The provider did not answer in time.
        case upstreamTimeout
        case unavailable
        case internalError
    }

    package var kind: Kind
    /// The HTTP status; by default the kind's own.
    package var status: Int
    package var message: String
    /// The request's field that is at fault.
    package var param: String?
    /// OpenAI's machine-readable code, such as `model_not_found`.
    package var code: String?
    /// OpenAI's error type, such as `invalid_request_error`; by default the kind's own.
    package var type: String
    /// How long the client should wait, in milliseconds.
    package var retryAfterMilliseconds: Int?
    /// What the provider said about trying again (`x-should-retry`).
    package var shouldRetry: Bool?
    /// The limit of the gateway's own that was reached.
    package var limit: ReachedLimit?

    /// A limit that refused a call, for `x-ratelimit-*` headers.
    package struct ReachedLimit: Sendable, Equatable {
        /// `requests` or `tokens`.
        package var unit: String
        package var limit: Int64
        package var remaining: Int64
        package var resetMilliseconds: Int64

        package init(unit: String, limit: Int64, remaining: Int64, resetMilliseconds: Int64) {
            self.unit = unit
            self.limit = limit
            self.remaining = remaining
            self.resetMilliseconds = resetMilliseconds
        }
    }

    package init(
        _ kind: Kind,
        _ message: String,
        status: Int? = nil,
        type: String? = nil,
        param: String? = nil,
        code: String? = nil,
        retryAfterMilliseconds: Int? = nil,
        shouldRetry: Bool? = nil
    ) {
        self.kind = kind
        self.status = status ?? kind.status
        self.message = message
        self.param = param
        self.code = code
        self.type = type ?? kind.type
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.shouldRetry = shouldRetry
    }
}

extension GatewayError.Kind {
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .authentication: 401
        case .permission: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout, .upstreamTimeout: 408
        case .tooLarge: 413
        case .uriTooLong: 414
        case .rateLimited, .quotaExceeded: 429
        case .headersTooLarge: 431
        case .internalError: 500
        case .upstream: 502
        case .unavailable: 503
        }
    }

    package var type: String {
        switch self {
        case .authentication: "authentication_error"
        case .permission: "permission_error"
        case .rateLimited: "rate_limit_error"
        case .quotaExceeded: "insufficient_quota"
        case .upstreamTimeout, .requestTimeout: "timeout_error"
        case .upstream, .unavailable, .internalError: "server_error"
        default: "invalid_request_error"
        }
    }
}
