internal import NIOCore

/// `POST completions`, the old way to ask: a prompt in, its continuation out.
enum OpenAICompletions {
    static func answer(_ request: ReceivedRequest, scripted: Directive?) throws(ProviderError) -> Answer {
        let fields = try OpenAI.json(request)
        let model = try OpenAI.model(fields)
        guard let prompt = fields["prompt"], !prompt.isNull else {
            throw .invalid("Missing required parameter: 'prompt'.", "prompt", code: "missing_required_parameter")
        }
        let prompts = try OpenAIInput.read(prompt, parameter: "prompt")
        var directive = scripted
        var replies: [ChatReply] = []
        for input in prompts {
            let extraction = try Directive.readable(input.text)
            directive = directive ?? extraction.directive
            let question = Self.question(extraction.text, model: model, fields)
            let reply = ChatReply(to: question, following: directive ?? .plain)
            replies += Array(repeating: reply, count: min(128, max(1, fields["n"]?.int ?? 1)))
        }
        if let directive, let error = ProviderError(scripted: directive) { throw error }
        let completion = OpenAITextCompletion(
            number: request.number,
            model: model,
            replies: replies,
            promptTokens: prompts.reduce(0) { $0 + $1.tokens },
            includeUsage: fields["stream_options"]?["include_usage"]?.flag ?? false,
            directive: directive ?? .plain
        )
        var answer = Answer(
            status: directive?.status ?? 200,
            headerLines: OpenAI.headerLines(request.number),
            body: .complete(ByteBuffer()),
            directive: directive
        )
        if fields["stream"]?.flag == true {
            answer.contentType = "text/event-stream; charset=utf-8"
            answer.body = .events(OpenAITextStream(completion))
        } else {
            var body = ByteBuffer()
            body.write(json: completion.json)
            answer.body = .complete(body)
        }
        return answer
    }

    private static func question(_ text: String, model: String, _ fields: JSONValue) -> ChatQuestion {
        var question = ChatQuestion(model: model)
        question.userText = text
        question.stops = fields["stop"]?.items?.compactMap(\.text) ?? fields["stop"]?.text.map { [$0] } ?? []
        question.wordLimit = fields["max_tokens"]?.int
        return question
    }
}

/// One text completion with the identifiers and numbers around it.
struct OpenAITextCompletion {
    let number: Int
    let created = WallClock.seconds
    let model: String
    let replies: [ChatReply]
    let promptTokens: Int
    let includeUsage: Bool
    let directive: Directive

    init(
        number: Int,
        model: String,
        replies: [ChatReply],
        promptTokens: Int,
        includeUsage: Bool,
        directive: Directive
    ) {
        self.number = number
        self.model = model
        self.replies = replies
        self.promptTokens = promptTokens
        self.includeUsage = includeUsage && !directive.noUsage
        self.directive = directive
    }

    var json: JSONValue {
        let choices = self.replies.enumerated().map { index, reply in
            self.choice(index, text: reply.text ?? "", finished: true)
        }
        return self.envelope(choices, usage: self.directive.noUsage ? nil : self.usage)
    }

    var usage: JSONValue {
        let words = self.replies.reduce(0) { $0 + $1.words }
        let usage: JSONValue = [
            "prompt_tokens": .integer(self.promptTokens),
            "completion_tokens": .integer(words),
            "total_tokens": .integer(self.promptTokens + words),
        ]
        return usage.overlaid(with: self.directive.usage)
    }

    func envelope(_ choices: [JSONValue], usage: JSONValue?) -> JSONValue {
        var value: JSONValue = [
            "id": .string("cmpl-mock\(self.number)"),
            "object": "text_completion",
            "created": .integer(self.created),
            "model": .string(self.model),
            "choices": .array(choices),
        ]
        if let usage { value.append("usage", usage) }
        return value
    }

    func choice(_ index: Int, text: String, finished: Bool) -> JSONValue {
        var reason: JSONValue = .null
        if finished {
            reason = "stop"
            if case .length = self.replies[index].ending { reason = "length" }
            if let scripted = self.directive.finishReason { reason = .string(scripted) }
        }
        return ["text": .string(text), "index": .integer(index), "logprobs": .null, "finish_reason": reason]
    }
}

/// The `text_completion` events of one answer.
struct OpenAITextStream: EventSource {
    private enum Event {
        case text(Int, String)
        case finish(Int)
        case usage
        case done
    }

    private let completion: OpenAITextCompletion
    private let events: [Event]

    init(_ completion: OpenAITextCompletion) {
        self.completion = completion
        var events: [Event] = []
        for (index, reply) in completion.replies.enumerated() {
            events += TextWords.split(reply.text ?? "").map { .text(index, $0) }
            events.append(.finish(index))
        }
        if completion.includeUsage { events.append(.usage) }
        self.events = events + [.done]
    }

    var count: Int { self.events.count }

    func write(_ index: Int, into buffer: inout ByteBuffer) {
        let value: JSONValue
        let noUsage: JSONValue? = self.completion.includeUsage ? .null : nil
        switch self.events[index] {
        case .text(let choice, let text):
            value = self.completion.envelope(
                [self.completion.choice(choice, text: text, finished: false)],
                usage: noUsage
            )
        case .finish(let choice):
            value = self.completion.envelope(
                [self.completion.choice(choice, text: "", finished: true)],
                usage: noUsage
            )
        case .usage: value = self.completion.envelope([], usage: self.completion.usage)
        case .done: return _ = buffer.writeStaticString("data: [DONE]\n\n")
        }
        buffer.writeStaticString("data: ")
        buffer.write(json: value)
        buffer.writeStaticString("\n\n")
    }

    func writeFailure(_ directive: Directive, into buffer: inout ByteBuffer) {
        OpenAI.writeStreamFailure(directive, into: &buffer)
    }
}
