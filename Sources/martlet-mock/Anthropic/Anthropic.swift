internal import NIOCore
internal import NIOHTTP1

/// What all of Anthropic's routes have in common: the key, the headers, the errors, the list of models.
enum Anthropic {
    /// - Throws: a 401 without a key or with the one wrong key, a 400 without the version header.
    static func authenticate(_ request: ReceivedRequest) throws(ProviderError) {
        let headers = request.head.headers
        guard let key = headers.first(name: "x-api-key") ?? request.bearerKey, !key.isEmpty else {
            throw ProviderError(status: 401, "x-api-key header is required")
        }
        guard key != "sk-wrong" else {
            throw ProviderError(status: 401, "invalid x-api-key")
        }
        guard headers.contains(name: "anthropic-version") else {
            throw .invalid("anthropic-version: header is required")
        }
    }

    static func headerLines(_ requestNumber: Int) -> String {
        let reset = WallClock.rfc3339(WallClock.seconds + 1)
        var lines = "request-id: req_mock\(requestNumber)\r\nanthropic-organization-id: martlet-mock\r\n"
        for (kind, limit) in [
            ("requests", 4000), ("tokens", 480_000), ("input-tokens", 400_000), ("output-tokens", 80_000),
        ] {
            let name = "anthropic-ratelimit-\(kind)"
            lines += "\(name)-limit: \(limit)\r\n\(name)-remaining: \(limit - 1)\r\n\(name)-reset: \(reset)\r\n"
        }
        return lines
    }

    static func body(of error: ProviderError, requestNumber: Int) -> JSONValue {
        let usual = Self.usualError(error.status)
        return [
            "type": "error",
            "error": ["type": .string(error.type ?? usual.type), "message": .string(error.message ?? usual.message)],
            "request_id": .string("req_mock\(requestNumber)"),
        ]
    }

    private static func usualError(_ status: Int) -> (type: String, message: String) {
        switch status {
        case 401: ("authentication_error", "invalid x-api-key")
        case 402: ("billing_error", "Your credit balance is too low to access the Anthropic API.")
        case 403: ("permission_error", "Your API key does not have permission to use the specified resource.")
        case 404: ("not_found_error", "Not Found")
        case 413: ("request_too_large", "Request exceeds the maximum size")
        case 429:
            ("rate_limit_error", "This request would exceed your organization's rate limit. Please try again later.")
        case 504: ("timeout_error", "Request timed out.")
        case 529: ("overloaded_error", "Overloaded")
        case 400..<500: ("invalid_request_error", "The request is not valid.")
        default: ("api_error", "Internal server error")
        }
    }

    static func models(_ request: ReceivedRequest) -> Answer {
        let models = [("claude-sonnet-4-5", "Claude Sonnet 4.5"), ("claude-opus-4-5", "Claude Opus 4.5")]
        let list: [JSONValue] = models.map {
            [
                "type": "model", "id": .string($0.0), "display_name": .string($0.1),
                "created_at": "2025-09-29T00:00:00Z",
            ]
        }
        var body = ByteBuffer()
        body.write(
            json: [
                "data": .array(list), "has_more": false, "first_id": JSONValue(models.first?.0),
                "last_id": JSONValue(models.last?.0),
            ]
        )
        return Answer(status: 200, headerLines: Self.headerLines(request.number), body: .complete(body))
    }
}
