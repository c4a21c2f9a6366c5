import NIOCore
import WireFormats

/// What the body of a failed request says, whatever shape its vendor gave it.
///
/// Shapes read: `{"error":{"message","type","code","param"}}` (OpenAI, Anthropic, Google), `{"error":"text"}` (Ollama,
/// TGI), `{"message"}` and `{"error_code","message"}` (Databricks), `{"detail":"text" or [{"msg"}]}` (Mistral),
/// `[{"error":...}]` (Google), and plain text.
struct UpstreamReport {
    private(set) var message: String?
    private(set) var type: String?
    private(set) var code: String?
    private(set) var param: String?
    /// A number among the fields that is an HTTP status.
    private var statusCode: Int?

    /// How much of a provider's text is passed on.
    static let maximumLength = 1000
    /// How much of a body is looked at: no explanation is longer.
    private static let maximumBody = 64 << 10

    init(body: ByteBuffer) {
        let body = body.slice(body.readerIndex, min(body.readableBytes, Self.maximumBody))
        if let value = try? JSONValue(parsing: body, maximumDepth: 32) {
            // Losing the error is right: what is no JSON is read as text.
            self.read(value.array?.first ?? value)
        } else {
            self.message = Self.plainText(body)
        }
        self.message = self.message.flatMap(Self.shortened)
    }

    private mutating func read(_ value: JSONValue) {
        guard let object = value.object else {
            self.message = value.string
            return
        }
        let inner = object["error"] ?? object["detail"]?.array?.first ?? value
        if let text = inner.string {
            self.message = text
        } else {
            self.message = Self.text(in: inner) ?? Self.text(in: value)
        }
        self.readNames(inner)
        if inner != value { self.readNames(value) }
    }

    private static func text(in value: JSONValue) -> String? {
        for key in ["message", "msg", "detail", "error", "error_message"] {
            guard let field = value[key] else { continue }
            if let text = field.string, !text.isEmpty { return text }
            if let nested = field["detail"]?.array?.first { return self.text(in: nested) }
            if let nested = field["message"]?.string { return nested }
        }
        return nil
    }

    private mutating func readNames(_ value: JSONValue) {
        if let type = value["type"]?.string ?? value["error_type"]?.string ?? value["status"]?.string, type != "error" {
            self.type = self.type ?? type
        }
        if let code = value["code"]?.string ?? value["error_code"]?.string { self.code = self.code ?? code }
        if let param = value["param"]?.string { self.param = self.param ?? param }
        let number =
            value["code"]?.integer ?? value["status_code"]?.integer ?? value["code"]?.string.flatMap { Int($0) }
        if let number, (400..<600).contains(number) { self.statusCode = self.statusCode ?? number }
    }

    /// A page of HTML explains nothing to a client of an API.
    private static func plainText(_ body: ByteBuffer) -> String? {
        let text = String(buffer: body)
        return text.first { !$0.isWhitespace } == "<" ? nil : text
    }

    private static func shortened(_ text: String) -> String? {
        let printable = text.unicodeScalars.lazy.map { scalar -> Character in
            scalar.value < 0x20 || scalar.value == 0x7f ? " " : Character(scalar)
        }
        let start = printable.drop { $0 == " " }.prefix(self.maximumLength + 1)
        guard !start.isEmpty else { return nil }
        let cut = String(start.prefix(self.maximumLength))
        return start.count > self.maximumLength ? cut + "..." : cut
    }

    // MARK: What it is about

    /// The status the same failure would have had before the stream began.
    var impliedStatus: Int? {
        if let statusCode { return statusCode }
        for name in [self.code, self.type] {
            guard let name, let status = Self.statuses[name.lowercased()] else { continue }
            return status
        }
        return nil
    }

    private static let statuses: [String: Int] = [
        "invalid_request_error": 400, "context_length_exceeded": 400, "content_policy_violation": 400,
        "content_filter": 400, "badrequesterror": 400, "invalid_argument": 400,
        "authentication_error": 401, "invalid_api_key": 401, "unauthenticated": 401,
        "billing_error": 402, "permission_error": 403, "permission_denied": 403, "not_found_error": 404,
        "model_not_found": 404, "not_found": 404, "request_too_large": 413,
        "rate_limit_error": 429, "rate_limit_exceeded": 429, "insufficient_quota": 429, "resource_exhausted": 429,
        "tokens": 429, "requests": 429, "too_many_requests": 429,
        "api_error": 500, "server_error": 500, "internal_server_error": 500, "internal": 500,
        "timeout_error": 504, "timeout": 504, "deadline_exceeded": 504,
        "overloaded_error": 529, "overloaded": 529, "unavailable": 503, "service_unavailable": 503,
    ]

    var isAboutQuota: Bool {
        self.code == "insufficient_quota" || self.type == "insufficient_quota" || self.type == "billing_error"
            || self.code == "billing_hard_limit_reached" || self.says(["credit balance is too low"])
    }

    var isAboutOverload: Bool {
        self.type == "overloaded_error" || self.code == "overloaded" || self.says(["overloaded"])
    }

    var isAboutCredentials: Bool {
        self.code == "invalid_api_key" || self.type == "authentication_error"
            || self.says(["api key", "api-key", "api_key", "apikey", "credential", "bearer token", "access token"])
    }

    var isAboutContextLength: Bool {
        if self.code == "context_length_exceeded" || self.code == "tokens_limit_reached" { return true }
        return self.says(FailurePhrases.contextLength)
            || FailurePhrases.contextLengthPairs.contains { self.says([$0.0]) && self.says([$0.1]) }
    }

    var isAboutContentPolicy: Bool {
        self.code == "content_policy_violation" || self.code == "content_filter"
            || self.says(FailurePhrases.contentPolicy)
    }

    var isAboutRateLimit: Bool {
        self.code == "rate_limit_exceeded" || self.type == "rate_limit_error" || self.says(FailurePhrases.rateLimit)
    }

    private func says(_ phrases: [String]) -> Bool {
        guard let message = self.message?.lowercased() else { return false }
        return phrases.contains { FailurePhrases.contains(message, $0) }
    }
}
