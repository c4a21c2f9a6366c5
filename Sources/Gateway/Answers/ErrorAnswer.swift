import Domain
import NIOCore
import Transport

/// Sends an error as a whole answer.
enum ErrorAnswer {
    /// Answers with `error`; of an `attempt` that failed, the client is told the deployment and the upstream's headers.
    ///
    /// `allow` is the header of a 405.
    static func send(
        _ error: GatewayError,
        to exchange: Exchange,
        identity: CallIdentity,
        attempt: Attempt? = nil,
        allow: String? = nil
    ) {
        var headers = ByteBuffer()
        AnswerHeaders.writeCommon(identity, contentType: "application/json", into: &headers)
        if let attempt { attempt.writeFailureHeaders(into: &headers) } else { self.writeVersion(into: &headers) }
        self.writeAdvice(error, into: &headers)
        if let allow { headers.writeString("allow: \(allow)\r\n") }
        exchange.respond(
            status: error.status,
            headers: headers,
            body: ErrorBody.openAI(error, callID: identity.idInErrors)
        )
    }

    static func writeVersion(into headers: inout ByteBuffer) {
        headers.writeString("x-litellm-version: \(Martlet.version)\r\n")
    }

    /// When and whether to try again.
    static func writeAdvice(_ error: GatewayError, into headers: inout ByteBuffer) {
        if let milliseconds = error.retryAfterMilliseconds {
            headers.writeString("retry-after: \((milliseconds + 999) / 1000)\r\nretry-after-ms: \(milliseconds)\r\n")
        }
        if let limit = error.limit { LimitHeaders.write(limit, into: &headers) }
        if let shouldRetry = error.shouldRetry { headers.writeString("x-should-retry: \(shouldRetry)\r\n") }
        if error.status == 401 { headers.writeStaticString("www-authenticate: Bearer\r\n") }
    }
}
