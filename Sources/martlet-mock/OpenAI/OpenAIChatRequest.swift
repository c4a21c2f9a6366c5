internal import NIOCore

/// A chat completion request, checked like OpenAI checks it.
struct OpenAIChatRequest {
    private(set) var question: ChatQuestion
    private(set) var includeUsage = false
    /// How many alternatives per token are wanted; nil without log probabilities.
    private(set) var alternatives: Int?

    init(_ request: ReceivedRequest) throws(ProviderError) {
        let skimmed = request.body.withUnsafeReadableBytes { ChatSkimmer.skim($0) }
        if let skimmed {
            try self.init(fields: skimmed.fields)
            self.question.promptWords = skimmed.words + 3
            try self.setUserText(skimmed.userText)
            return
        }
        let fields = try OpenAI.json(request)
        try self.init(fields: fields)
        guard let messages = fields["messages"], !messages.isNull else {
            throw .invalid("Missing required parameter: 'messages'.", "messages", code: "missing_required_parameter")
        }
        guard let items = messages.items else {
            throw .invalid(
                "Invalid type for 'messages': expected an array of objects.",
                "messages",
                code: "invalid_type"
            )
        }
        try OpenAIMessages.validate(items)
        self.question.promptWords = OpenAIMessages.words(items) + 3
        guard let last = items.last else { return }
        if last["role"]?.text == "tool" {
            let result = try Directive.readable(OpenAIMessages.text(of: last))
            self.question.toolResult = result.text
            self.question.directive = result.directive
        } else {
            let user = items.last { $0["role"]?.text == "user" }
            try self.setUserText(user.map(OpenAIMessages.text) ?? "")
        }
    }

    /// Reads everything but the messages.
    private init(fields: JSONValue) throws(ProviderError) {
        self.question = ChatQuestion(model: try OpenAI.model(fields))
        try Self.validate(fields)
        self.question.stream = fields["stream"]?.flag ?? false
        self.includeUsage = fields["stream_options"]?["include_usage"]?.flag ?? false
        self.question.wordLimit = fields["max_completion_tokens"]?.int ?? fields["max_tokens"]?.int
        self.question.choices = fields["n"]?.int ?? 1
        self.question.stops = fields["stop"]?.items?.compactMap(\.text) ?? fields["stop"]?.text.map { [$0] } ?? []
        if fields["logprobs"]?.flag == true { self.alternatives = fields["top_logprobs"]?.int ?? 0 }
        self.question.parallelTools = fields["parallel_tool_calls"]?.flag ?? true
        self.question.tools = Self.tools(fields)
        self.question.toolUse = Self.toolUse(fields["tool_choice"] ?? .null)
        self.question.output = Self.output(fields["response_format"] ?? .null)
    }

    private mutating func setUserText(_ text: String) throws(ProviderError) {
        let extraction = try Directive.readable(text)
        self.question.userText = extraction.text
        self.question.directive = extraction.directive
    }

    private static func validate(_ fields: JSONValue) throws(ProviderError) {
        try Self.validate(fields, "temperature", 0...2)
        try Self.validate(fields, "top_p", 0...1)
        try Self.validate(fields, "presence_penalty", -2...2)
        try Self.validate(fields, "frequency_penalty", -2...2)
        try Self.validate(fields, "top_logprobs", 0...20)
        try Self.validate(fields, "n", 1...128)
        try Self.validate(fields, "max_tokens", 1...1_000_000_000)
        try Self.validate(fields, "max_completion_tokens", 1...1_000_000_000)
        if let options = fields["stream_options"], !options.isNull, fields["stream"]?.flag != true {
            throw .invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
        }
        if let tools = fields["tools"]?.items, tools.isEmpty {
            let message =
                "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead."
            throw .invalid(message, "tools", code: "empty_array")
        }
        if fields["tools"]?.items == nil {
            for name in ["tool_choice", "parallel_tool_calls"] {
                guard let value = fields[name], !value.isNull, fields["functions"] == nil else { continue }
                throw .invalid("'\(name)' is only allowed when 'tools' are specified.", name)
            }
        }
    }

    private static func validate(
        _ fields: JSONValue,
        _ name: String,
        _ range: ClosedRange<Double>
    ) throws(ProviderError) {
        guard let value = fields[name], !value.isNull else { return }
        guard let number = value.double else {
            let message = "Invalid type for '\(name)': expected a number."
            throw .invalid(message, name, code: "invalid_type")
        }
        let text = value.serialised
        if number > range.upperBound {
            let limit = JSONValue.integer(Int(range.upperBound)).serialised
            let message =
                "Invalid '\(name)': decimal above maximum value. Expected a value <= \(limit), but got \(text) instead."
            throw .invalid(message, name, code: "decimal_above_max_value")
        }
        if number < range.lowerBound {
            let limit = JSONValue.integer(Int(range.lowerBound)).serialised
            let message =
                "Invalid '\(name)': decimal below minimum value. Expected a value >= \(limit), but got \(text) instead."
            throw .invalid(message, name, code: "decimal_below_min_value")
        }
    }

    private static func tools(_ fields: JSONValue) -> [ChatQuestion.Tool] {
        (fields["tools"]?.items ?? []).compactMap { tool in
            guard let function = tool["function"], let name = function["name"]?.text else { return nil }
            return ChatQuestion.Tool(name: name, parameters: function["parameters"] ?? .object([]))
        }
    }

    private static func toolUse(_ choice: JSONValue) -> ChatQuestion.ToolUse {
        if let name = choice["function"]?["name"]?.text { return .named(name) }
        switch choice.text ?? choice["allowed_tools"]?["mode"]?.text {
        case "none": return .off
        case "required": return .required
        default: return .auto
        }
    }

    private static func output(_ format: JSONValue) -> ChatQuestion.Output {
        switch format["type"]?.text {
        case "json_schema": .schema(format["json_schema"]?["schema"] ?? .object([]))
        case "json_object": .anyObject
        default: .text
        }
    }
}
