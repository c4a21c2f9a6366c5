internal import NIOCore
internal import NIOHTTP1

/// Finds what a request asks for and answers it.
///
/// Never waits; it can be used from any event loop.
struct Router: Sendable {
    private let state: MockState
    private let verbose: Bool

    init(state: MockState, verbose: Bool) {
        self.state = state
        self.verbose = verbose
    }

    /// What a path ends in decides; so any prefix works: `/v1`, `/openai/v1`, none.
    private enum Endpoint {
        case chat
        case completions
        case embeddings
        case models
        case messages
        case countTokens

        init?(_ path: Substring) {
            if path.utf8.elementsEqual("/v1/chat/completions".utf8) {  // the common case first
                self = .chat
                return
            }
            let suffixes: [(String, Endpoint)] = [
                ("/chat/completions", .chat), ("/completions", .completions), ("/embeddings", .embeddings),
                ("/models", .models), ("/messages/count_tokens", .countTokens), ("/messages", .messages),
            ]
            guard let found = suffixes.first(where: { path.hasSuffix($0.0) }) else { return nil }
            self = found.1
        }
    }

    func answer(_ request: ReceivedRequest) -> Answer {
        let answer = self.route(request)
        if self.verbose {
            let line = "\(request.head.method.rawValue) \(request.head.uri) \(request.body.readableBytes) bytes"
            StandardStream.error.write("\(line) -> \(answer.status)\n")
        }
        return answer
    }

    private func route(_ request: ReceivedRequest) -> Answer {
        if request.isControl { return ControlRoutes(state: self.state).answer(request) }
        do throws(ProviderError) {
            guard let endpoint = Endpoint(request.path) else { throw Self.unknownURL(request) }
            let wanted: HTTPMethod = if case .models = endpoint { .GET } else { .POST }
            guard request.head.method == wanted else {
                let message = "Not allowed to \(request.head.method.rawValue) on \(request.path)."
                throw ProviderError(status: 405, message, code: "method_not_supported")
            }
            return try self.answer(request, at: endpoint)
        } catch {
            return self.refusal(of: request, error)
        }
    }

    private func answer(_ request: ReceivedRequest, at endpoint: Endpoint) throws(ProviderError) -> Answer {
        let isAnthropic = Self.isAnthropic(request, endpoint)
        try isAnthropic ? Anthropic.authenticate(request) : OpenAI.authenticate(request)
        if case .models = endpoint {
            return isAnthropic ? Anthropic.models(request) : OpenAI.models(request)
        }
        let scripted = self.state.takeScripted()
        do throws(ProviderError) {
            if let scripted, let error = ProviderError(scripted: scripted) { throw error }
            switch endpoint {
            case .chat: return try OpenAIChat.answer(request, scripted: scripted)
            case .completions: return try OpenAICompletions.answer(request, scripted: scripted)
            case .embeddings: return try OpenAIEmbeddings.answer(request, scripted: scripted)
            case .messages: return try AnthropicMessages.answer(request, scripted: scripted)
            case .countTokens: return try AnthropicMessages.countTokens(request, scripted: scripted)
            case .models: throw Self.unknownURL(request)
            }
        } catch {
            var error = error
            error.directive = error.directive ?? scripted
            throw error
        }
    }

    /// Puts an error into the shape of the provider the request means.
    func refusal(of request: ReceivedRequest, _ error: ProviderError) -> Answer {
        let isAnthropic = Self.isAnthropic(request, Endpoint(request.path))
        var body = ByteBuffer()
        var answer: Answer
        if isAnthropic {
            body.write(json: Anthropic.body(of: error, requestNumber: request.number))
            answer = Answer(
                status: error.status,
                headerLines: Anthropic.headerLines(request.number),
                body: .complete(body)
            )
        } else {
            body.write(json: OpenAI.body(of: error))
            answer = Answer(
                status: error.status,
                headerLines: OpenAI.headerLines(request.number),
                body: .complete(body)
            )
        }
        answer.directive = error.directive
        guard let directive = error.directive else { return answer }
        answer.headerLines += directive.retryHeaderLines
        if directive.html {
            let title = "\(error.status) \(HTTPResponseStatus(statusCode: error.status).reasonPhrase)"
            let page = "<html>\n<head><title>\(title)</title></head>\n<body><h1>\(title)</h1></body>\n</html>\n"
            answer.contentType = "text/html"
            answer.body = .complete(ByteBuffer(string: page))
        }
        return answer
    }

    /// Anthropic's paths are its own; other paths are Anthropic's if the request carries its version header.
    private static func isAnthropic(_ request: ReceivedRequest, _ endpoint: Endpoint?) -> Bool {
        switch endpoint {
        case .messages, .countTokens: true
        case .chat, .completions, .embeddings: false
        case .models, nil: request.head.headers.contains(name: "anthropic-version")
        }
    }

    private static func unknownURL(_ request: ReceivedRequest) -> ProviderError {
        if Self.isAnthropic(request, nil) { return ProviderError(status: 404, "Not Found") }
        return ProviderError(status: 404, "Invalid URL (\(request.head.method.rawValue) \(request.path))")
    }
}
