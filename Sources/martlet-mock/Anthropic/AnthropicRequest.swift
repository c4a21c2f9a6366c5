internal import NIOCore

/// A Messages request, checked like Anthropic checks it.
struct AnthropicRequest {
    private(set) var question: ChatQuestion
    /// Whether any part of the request is marked for caching.
    private(set) var usesCache = false

    /// `countingOnly` is for `count_tokens`, which takes the same body without `max_tokens`.
    init(_ request: ReceivedRequest, countingOnly: Bool = false) throws(ProviderError) {
        let fields = try Self.json(request)
        try AnthropicFields.validate(fields, countingOnly: countingOnly)
        let model = fields["model"]?.text ?? ""
        guard model != "no-such-model" else { throw ProviderError(status: 404, "model: no-such-model") }
        let messages = fields["messages"]?.items ?? []
        try AnthropicMessageRules.validate(messages, thinking: AnthropicFields.isThinking(fields))

        self.question = ChatQuestion(model: model)
        self.question.stream = fields["stream"]?.flag ?? false
        self.question.wordLimit = fields["max_tokens"]?.int
        self.question.stops = fields["stop_sequences"]?.items?.compactMap(\.text) ?? []
        self.question.thinking = AnthropicFields.isThinking(fields)
        self.question.promptWords = Self.words(fields["system"]) + 3
        for message in messages { self.question.promptWords += Self.words(message["content"]) }
        self.usesCache = Self.cacheMarks(in: fields) > 0
        self.readTools(fields)
        if let schema = fields["output_config"]?["format"]?["schema"] { self.question.output = .schema(schema) }
        try self.readLastMessage(messages)
    }

    private static func json(_ request: ReceivedRequest) throws(ProviderError) -> JSONValue {
        do throws(JSONError) {
            let value = try request.json()
            guard value.members != nil else { throw JSONError(message: "expected an object", offset: 0) }
            return value
        } catch {
            throw .invalid("The request body is not valid JSON: \(error.message): char \(error.offset)")
        }
    }

    private mutating func readTools(_ fields: JSONValue) {
        self.question.tools = (fields["tools"]?.items ?? []).compactMap { tool in
            guard let name = tool["name"]?.text, let schema = tool["input_schema"] else { return nil }
            return ChatQuestion.Tool(name: name, parameters: schema)
        }
        let choice = fields["tool_choice"] ?? .null
        self.question.parallelTools = choice["disable_parallel_tool_use"]?.flag != true
        switch choice["type"]?.text {
        case "any": self.question.toolUse = .required
        case "tool": self.question.toolUse = .named(choice["name"]?.text ?? "")
        case "none": self.question.toolUse = .off
        default: self.question.toolUse = .auto
        }
    }

    /// Takes the text to echo from the last user message; tool results count only if it has nothing else to say.
    private mutating func readLastMessage(_ messages: [JSONValue]) throws(ProviderError) {
        guard let content = messages.last(where: { $0["role"]?.text == "user" })?["content"] else { return }
        let blocks = content.items ?? [["type": "text", "text": content]]
        let results = blocks.filter { $0["type"]?.text == "tool_result" }
        let others = blocks.filter { $0["type"]?.text != "tool_result" }
        if others.isEmpty, let last = results.last {
            let extraction = try Directive.readable(Self.text(of: last["content"]))
            self.question.toolResult = extraction.text
            self.question.directive = extraction.directive
        } else {
            let extraction = try Directive.readable(others.map { Self.text(of: .array([$0])) }.joined())
            self.question.userText = extraction.text
            self.question.directive = extraction.directive
        }
    }

    /// The text of a message or tool result: text blocks as they are, other blocks named in brackets.
    private static func text(of content: JSONValue?) -> String {
        if let text = content?.text { return text }
        return (content?.items ?? []).map { block in
            let type = block["type"]?.text ?? "unknown"
            return type == "text" ? block["text"]?.text ?? "" : "[\(type)]"
        }.joined()
    }

    /// The words of all texts in some content, tool results included, as they were sent.
    private static func words(_ content: JSONValue?) -> Int {
        if let text = content?.text { return TextWords.count(text) }
        return (content?.items ?? []).reduce(0) { sum, block in
            sum + (block["text"]?.text.map(TextWords.count) ?? 0) + Self.words(block["content"])
        }
    }

    /// How many `cache_control` marks there are, at any depth.
    static func cacheMarks(in value: JSONValue) -> Int {
        switch value {
        case .array(let items): items.reduce(0) { $0 + Self.cacheMarks(in: $1) }
        case .object(let members):
            members.reduce(0) { sum, member in
                if member.key == "cache_control" { return sum + (member.value.isNull ? 0 : 1) }
                // A schema or an input may have a property of that name; it is no mark.
                if member.key == "input_schema" || member.key == "input" { return sum }
                return sum + Self.cacheMarks(in: member.value)
            }
        default: 0
        }
    }
}
