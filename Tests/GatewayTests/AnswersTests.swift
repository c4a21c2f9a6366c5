import Domain
import NIOCore
import Testing
import Transport
import WireFormats

@testable import Gateway

struct AnswersTests {
    // MARK: Errors

    @Test func errorsHaveOpenAIsShape() {
        let error = GatewayError(.notFound, "no 'x'", param: "model", code: "model_not_found")
        #expect(
            String(buffer: ErrorBody.openAI(error))
                == #"{"error":{"message":"no 'x'","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#
        )
        let plain = GatewayError(.internalError, "m")
        #expect(
            String(buffer: ErrorBody.openAI(plain))
                == #"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#
        )
    }

    @Test(arguments: ["\"", "\\", "\n", "\r\n", "\0", "\u{1f}", "\u{7f}", "\u{2028}", "</script>", "é€😀", "a\"},{\"b"])
    func whateverAMessageHoldsTheBodyIsJSON(_ text: String) throws {
        let error = GatewayError(.badRequest, text, type: text, param: text, code: text)
        let body = ErrorBody.openAI(error)
        let expected = JSONValue.object(
            JSONObject([
                (
                    "error",
                    .object(
                        JSONObject([
                            ("message", .text(text)), ("type", .text(text)), ("param", .text(text)),
                            ("code", .text(text)),
                        ])
                    )
                )
            ])
        )
        #expect(try JSONValue(parsing: body) == expected)
        #expect(!String(buffer: body).contains("\n"))
        let event = String(buffer: ErrorBody.openAIEvent(error))
        #expect(event == "data: \(String(buffer: body))\n\n")
    }

    @Test func adviceIsGivenInSecondsAndMilliseconds() {
        var headers = ByteBuffer()
        let error = GatewayError(.rateLimited, "m", retryAfterMilliseconds: 1001, shouldRetry: false)
        ErrorAnswer.writeAdvice(error, into: &headers)
        #expect(String(buffer: headers) == "retry-after: 2\r\nretry-after-ms: 1001\r\nx-should-retry: false\r\n")
        headers.clear()
        ErrorAnswer.writeAdvice(GatewayError(.authentication, "m"), into: &headers)
        #expect(String(buffer: headers) == "www-authenticate: Bearer\r\n")
    }

    @Test(arguments: [
        (0, "0.000"), (1_000, "0.001"), (999_999, "0.999"), (1_234_567, "1.234"), (60_000_000_000, "60000.000"),
    ])
    func millisecondsHaveThreeDecimals(_ nanoseconds: Int64, _ text: String) {
        var output = ByteBuffer()
        AnswerHeaders.writeMilliseconds(nanoseconds, into: &output)
        #expect(String(buffer: output) == text)
    }

    // MARK: CORS

    @Test func everyOriginIsAllowedAtFirst() {
        let policy = CORSPolicy()
        #expect(
            String(buffer: policy.answerHeaders(origin: "https://a"))
                == "access-control-allow-origin: *\r\naccess-control-expose-headers: *\r\n"
        )
        #expect(policy.answerHeaders(origin: nil).readableBytes == 0)
    }

    @Test func onlyNamedOriginsAreAllowed() {
        var policy = CORSPolicy()
        policy.allowedOrigins = ["https://a", "https://b"]
        policy.exposedHeaders = []
        #expect(
            String(buffer: policy.answerHeaders(origin: "https://b"))
                == "access-control-allow-origin: https://b\r\nvary: origin\r\n"
        )
        for other in ["https://c", "https://a.evil", "https://A", "null", ""] {
            #expect(policy.answerHeaders(origin: other).readableBytes == 0)
            #expect(policy.preflightHeaders(origin: other, requestedHeaders: nil) == nil)
        }
    }

    @Test func credentialsNeverGoWithAStar() {
        var policy = CORSPolicy()
        policy.allowsCredentials = true
        let lines = String(buffer: policy.answerHeaders(origin: "https://a"))
        #expect(lines.contains("access-control-allow-origin: https://a\r\n"))
        #expect(lines.contains("access-control-allow-credentials: true\r\n"))
    }

    @Test func aPreflightNamesTheHeadersThatWereAskedFor() {
        var policy = CORSPolicy()
        let asked =
            policy.preflightHeaders(origin: "o", requestedHeaders: "authorization, x-b").map { String(buffer: $0) }
            ?? ""
        #expect(asked.contains("access-control-allow-methods: GET, POST, OPTIONS\r\n"))
        #expect(asked.contains("access-control-allow-headers: authorization, x-b\r\n"))
        #expect(asked.contains("access-control-max-age: 600\r\n"))
        policy.allowedHeaders = ["a", "b"]
        let named = policy.preflightHeaders(origin: "o", requestedHeaders: "c").map { String(buffer: $0) } ?? ""
        #expect(named.contains("access-control-allow-headers: a, b\r\n"))
        policy.isEnabled = false
        #expect(policy.preflightHeaders(origin: "o", requestedHeaders: nil) == nil)
        #expect(policy.answerHeaders(origin: "o").readableBytes == 0)
    }

    // MARK: Upstream headers

    @Test func upstreamHeadersGoOnUnderTheProvidersName() throws {
        let fields = try head(
            "GET",
            "/",
            "X-Request-ID: r1",
            "X-RateLimit-Limit-Requests: 5",
            "Set-Cookie: a",
            "Transfer-Encoding: chunked",
            "Connection: keep-alive",
            "anthropic-ratelimit-requests-limit: 7",
            "anthropic-ratelimit-input-tokens-reset: t"
        ).fields
        var output = ByteBuffer()
        UpstreamHeaders.write(fields, withRateLimits: true, into: &output)
        let lines = String(buffer: output).split(separator: "\r\n").map(String.init)
        #expect(
            lines == [
                "llm_provider-host: a", "llm_provider-x-request-id: r1", "llm_provider-x-ratelimit-limit-requests: 5",
                "x-ratelimit-limit-requests: 5", "llm_provider-anthropic-ratelimit-requests-limit: 7",
                "x-ratelimit-limit-requests: 7", "llm_provider-anthropic-ratelimit-input-tokens-reset: t",
                "x-ratelimit-reset-input-tokens: t",
            ]
        )
    }

    @Test func probesSayWhenTheServerDrains() {
        var state = HealthEndpoint.State()
        #expect(HealthEndpoint.answer(.readiness, state).status == 200)
        state.isDraining = true
        #expect(HealthEndpoint.answer(.readiness, state).status == 503)
        #expect(HealthEndpoint.answer(.liveness, state).status == 200)
        #expect(HealthEndpoint.answer(.summary, state).status == 503)
    }

    @Test func readinessFollowsTheDatabaseUnlessTheGatewayIsReadyWithoutIt() {
        var state = HealthEndpoint.State(isDatabaseAvailable: true)
        #expect(HealthEndpoint.answer(.readiness, state).status == 200)
        state.isDatabaseAvailable = false
        #expect(HealthEndpoint.answer(.readiness, state).status == 503)
        #expect(HealthEndpoint.answer(.summary, state).status == 200)
        state.isReadyWithoutDatabase = true
        #expect(HealthEndpoint.answer(.readiness, state).status == 200)
    }

    @Test(arguments: [(0, "0ms"), (120, "120ms"), (1000, "1s"), (6500, "7s"), (60_000, "1m0s"), (61_000, "1m1s")])
    func durationsAreSpelledAsOpenAIDoes(_ milliseconds: Int64, _ text: String) {
        var output = ByteBuffer()
        LimitHeaders.writeDuration(milliseconds, into: &output)
        #expect(String(buffer: output) == text)
    }

    @Test(arguments: [
        (0, "0"), (1, "0.000000001"), (47_500, "0.0000475"), (1_500_000_000, "1.5"), (-20, "-0.00000002"),
    ])
    func dollarsAreExact(_ nanoDollars: Int64, _ text: String) {
        var output = ByteBuffer()
        CostHeaders.writeDollars(NanoDollars(nanoDollars), into: &output)
        #expect(String(buffer: output) == text)
    }
}
