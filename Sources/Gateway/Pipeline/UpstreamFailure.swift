import Domain
import Transport

extension UpstreamError {
    /// What the client is told of a failure on the way to `provider`.
    func error(provider: String, model: String, timeouts: UpstreamTimeouts, isStream: Bool) -> GatewayError {
        let place = "\(provider) (model '\(model)')"
        switch self {
        case .connect(let reason):
            return GatewayError(.upstream, "\(place) could not be reached: \(reason).", code: "connection_error")
        case .tls(let reason):
            return GatewayError(
                .upstream,
                "No secure connection to \(place) could be made: \(reason).",
                code: "tls_error"
            )
        case .connectTimeout:
            return self.timeout("No connection to \(place) could be made within \(timeouts.connect).")
        case .firstByteTimeout:
            let limit = isStream ? timeouts.streamFirstByte : timeouts.firstByte
            return self.timeout("\(place) did not begin to answer within \(limit).")
        case .silenceTimeout:
            return self.timeout("\(place) stopped sending for \(timeouts.betweenChunks).")
        case .totalTimeout:
            let limit = isStream ? timeouts.streamTotal : timeouts.total
            return self.timeout("\(place) did not finish its answer within \(limit).")
        case .closedBeforeAnswer:
            return GatewayError(
                .upstream,
                "\(place) closed the connection without an answer.",
                code: "connection_error"
            )
        case .cut:
            return GatewayError(.upstream, "\(place) closed the connection inside its answer.", code: "upstream_cut")
        case .malformed:
            return GatewayError(
                .upstream,
                "\(place) answered with something that is not HTTP/1.1.",
                code: "bad_upstream"
            )
        case .tooLarge(let limit):
            return GatewayError(
                .upstream,
                "The answer of \(place) is larger than \(limit) bytes.",
                code: "answer_too_large"
            )
        case .poolExhausted:
            return GatewayError(
                .unavailable,
                "All connections to \(place) are in use.",
                code: "overloaded",
                retryAfterMilliseconds: 1000
            )
        case .cancelled:
            return GatewayError(.requestTimeout, "The client has gone.", status: 499)
        }
    }

    private func timeout(_ message: String) -> GatewayError {
        GatewayError(.upstreamTimeout, message, code: "timeout")
    }
}
