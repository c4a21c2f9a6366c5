/// Why an attempt got no answer, or only part of one.
package enum UpstreamError: Error, Sendable, Equatable {
    /// No connection could be made; `reason` is fit for an operator's eyes.
    case connect(reason: String)
    case connectTimeout
    case tls(reason: String)
    /// The connection ended before any byte of an answer.
    case closedBeforeAnswer
    /// The connection ended inside an answer.
    case cut
    /// The answer is not HTTP/1.1.
    case malformed
    case firstByteTimeout
    case silenceTimeout
    case totalTimeout
    case tooLarge(limit: Int)
    /// The client has gone, so the attempt was given up.
    case cancelled
    /// As many connections as may be are in use, and none came free in time.
    case poolExhausted
}
