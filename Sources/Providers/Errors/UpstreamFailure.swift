import Domain
import NIOCore

/// Turns a provider's failure into the one error clients see.
///
/// The provider's own words are kept, behind its name and cut to a length; the one exception is a refusal of
/// credentials, whose text may quote the key. Source: provider-formats.md, section 0.5.
struct UpstreamFailure {
    /// The provider's name for people.
    let provider: String

    /// What a status other than 2xx means.
    func error(status: Int, headers: any HeaderLookup, body: ByteBuffer) -> GatewayError {
        let report = UpstreamReport(body: body)
        var error = self.error(status: status, report: report)
        error.retryAfterMilliseconds = RetryAfter.milliseconds(headers)
        if let hint = headers.value("x-should-retry") {
            error.shouldRetry = hint == "true" ? true : hint == "false" ? false : nil
        }
        return error
    }

    /// The failure that stands in an answer of status 200 or in a stream's event.
    func reported(in body: ByteBuffer) -> GatewayError {
        let report = UpstreamReport(body: body)
        return self.error(status: report.impliedStatus ?? 502, report: report)
    }

    func error(status: Int, report: UpstreamReport) -> GatewayError {
        if let error = self.errorByText(status: status, report: report) { return error }
        switch status {
        case 401: return self.refusedCredentials()
        case 402: return self.make(.quotaExceeded, report, code: "insufficient_quota")
        case 403 where report.isAboutCredentials: return self.refusedCredentials()
        case 403: return self.make(.upstream, report, status: 403, type: "permission_error")
        case 404: return self.make(.notFound, report, code: "model_not_found")
        case 408, 504: return self.make(.upstreamTimeout, report, status: status, code: "timeout")
        case 409: return self.make(.upstream, report, status: 409, type: "invalid_request_error")
        case 413: return self.make(.tooLarge, report, code: "request_too_large")
        case 429 where report.isAboutQuota: return self.make(.quotaExceeded, report, code: "insufficient_quota")
        case 429: return self.make(.rateLimited, report, code: "rate_limit_exceeded")
        case 503: return self.make(.unavailable, report, code: report.isAboutOverload ? "overloaded" : nil)
        case 529: return self.make(.unavailable, report, code: "overloaded")
        case 500, 502: return self.make(.upstream, report, status: status)
        case 400..<500: return self.make(.badRequest, report, code: report.code)
        default: return self.make(.upstream, report)
        }
    }

    /// Failures that providers report under odd statuses, told by their words.
    private func errorByText(status: Int, report: UpstreamReport) -> GatewayError? {
        switch status {
        case 400, 413, 422, 500:
            if report.isAboutContextLength {
                return self.make(.badRequest, report, code: "context_length_exceeded")
            }
            if report.isAboutContentPolicy {
                return self.make(.badRequest, report, code: "content_policy_violation")
            }
            if status != 413, report.isAboutRateLimit {
                return self.make(.rateLimited, report, code: "rate_limit_exceeded")
            }
            return report.isAboutQuota ? self.make(.quotaExceeded, report, code: "insufficient_quota") : nil
        default: return nil
        }
    }

    private func refusedCredentials() -> GatewayError {
        GatewayError(
            .upstream,
            "\(self.provider) refused the gateway's credentials. Check the api_key of this model's deployment.",
            status: 401,
            type: "authentication_error",
            code: "invalid_api_key"
        )
    }

    private func make(
        _ kind: GatewayError.Kind,
        _ report: UpstreamReport,
        status: Int? = nil,
        type: String? = nil,
        code: String? = nil
    ) -> GatewayError {
        let text = report.message ?? "the request failed without an explanation"
        return GatewayError(
            kind,
            "\(self.provider): \(text)",
            status: status,
            type: type,
            param: report.param,
            code: code
        )
    }
}
