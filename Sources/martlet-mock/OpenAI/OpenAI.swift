internal import NIOCore
internal import NIOHTTP1

/// What all of OpenAI's routes have in common: the key, the headers, the errors, the list of models.
enum OpenAI {
    /// - Throws: a 401 without a key or with the one wrong key.
    static func authenticate(_ request: ReceivedRequest) throws(ProviderError) {
        // `api-key` is how Azure's flavour of the API carries it.
        guard let key = request.bearerKey ?? request.head.headers.first(name: "api-key"), !key.isEmpty else {
            let message =
                "You didn't provide an API key. You need to provide your API key in an Authorization header "
                + "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
            throw ProviderError(status: 401, message)
        }
        guard key != "sk-wrong" else {
            let message =
                "Incorrect API key provided: sk-wrong. You can find your API key at "
                + "https://platform.openai.com/account/api-keys."
            throw ProviderError(status: 401, message, code: "invalid_api_key")
        }
    }

    private static let limitLines = """
        openai-organization: martlet-mock\r
        openai-version: 2020-10-01\r
        openai-processing-ms: 1\r
        x-ratelimit-limit-requests: 10000\r
        x-ratelimit-limit-tokens: 2000000\r
        x-ratelimit-remaining-requests: 9999\r
        x-ratelimit-remaining-tokens: 1999900\r
        x-ratelimit-reset-requests: 6ms\r
        x-ratelimit-reset-tokens: 3ms\r

        """

    static func headerLines(_ requestNumber: Int) -> String {
        "x-request-id: req_mock\(requestNumber)\r\n" + Self.limitLines
    }

    static func body(of error: ProviderError) -> JSONValue {
        let usual = Self.usualError(error.status)
        let message = error.message ?? usual.message
        return [
            "error": [
                "message": .string(message),
                "type": .string(error.type ?? usual.type),
                "param": JSONValue(error.parameter),
                "code": JSONValue(error.code ?? (error.message == nil || error.directive != nil ? usual.code : nil)),
            ]
        ]
    }

    private struct UsualError {
        let type: String
        let code: String?
        let message: String

        init(_ type: String, _ code: String?, _ message: String) {
            self.type = type
            self.code = code
            self.message = message
        }
    }

    private static func usualError(_ status: Int) -> UsualError {
        let request = "invalid_request_error"
        switch status {
        case 401: return UsualError(request, "invalid_api_key", "Incorrect API key provided.")
        case 403: return UsualError("insufficient_permissions", nil, "You are not allowed to do this.")
        case 404:
            return UsualError(request, "model_not_found", "The model does not exist or you do not have access to it.")
        case 408, 504: return UsualError("timeout", "request_timeout", "Request timed out.")
        case 413: return UsualError(request, nil, "The request body is too large.")
        case 429:
            return UsualError(
                "requests",
                "rate_limit_exceeded",
                "Rate limit reached for requests. Please try again later."
            )
        case 400..<500: return UsualError(request, nil, "The request is not valid.")
        case 503:
            return UsualError("service_unavailable", nil, "The engine is currently overloaded, please try again later.")
        default:
            return UsualError(
                "server_error",
                nil,
                "The server had an error while processing your request. Sorry about that!"
            )
        }
    }

    /// Writes the event OpenAI sends when it fails in the middle of a stream.
    static func writeStreamFailure(_ directive: Directive, into buffer: inout ByteBuffer) {
        let message = directive.message ?? "The server had an error while processing your request. Sorry about that!"
        buffer.writeStaticString("data: ")
        buffer.write(
            json: [
                "error": [
                    "message": .string(message),
                    "type": .string(directive.type ?? "server_error"),
                    "param": .null,
                    "code": JSONValue(directive.code),
                ]
            ]
        )
        buffer.writeStaticString("\n\n")
    }

    static func models(_ request: ReceivedRequest) -> Answer {
        let models = ["gpt-4o", "gpt-4o-mini", "gpt-5", "text-embedding-3-small", "gpt-3.5-turbo-instruct"]
        let list: [JSONValue] = models.map {
            ["id": .string($0), "object": "model", "created": 1_715_367_049, "owned_by": "martlet-mock"]
        }
        var body = ByteBuffer()
        body.write(json: ["object": "list", "data": .array(list)])
        return Answer(status: 200, headerLines: Self.headerLines(request.number), body: .complete(body))
    }

    /// Reads a body, or refuses it in OpenAI's words.
    static func json(_ request: ReceivedRequest) throws(ProviderError) -> JSONValue {
        do throws(JSONError) {
            let value = try request.json()
            if value.members != nil { return value }
        } catch {
            // Where the fault is does not matter: the provider does not say either.
        }
        throw .invalid(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
                + "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        )
    }

    /// The model's name; the one name that does not exist is refused.
    static func model(_ fields: JSONValue) throws(ProviderError) -> String {
        guard let model = fields["model"]?.text, !model.isEmpty else {
            throw .invalid("you must provide a model parameter", "model")
        }
        guard model != "no-such-model" else {
            let message = "The model `no-such-model` does not exist or you do not have access to it."
            throw ProviderError(status: 404, message, code: "model_not_found")
        }
        return model
    }
}
