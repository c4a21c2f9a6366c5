/// What the mock's model says, before it is put into a provider's format.
struct ChatReply: Sendable {
    enum Ending: Sendable {
        case natural
        case length
        case stop(String)
        case toolCalls
    }

    var reasoning: String?
    var text: String?
    var toolCalls: [ToolCall] = []
    var ending = Ending.natural

    /// The words of one choice, thoughts included; a tool call counts as its arguments plus one.
    var words: Int {
        let called = self.toolCalls.reduce(0) { $0 + 1 + TextWords.count($1.arguments.serialised) }
        return self.reasoningWords + (self.text.map(TextWords.count) ?? 0) + called
    }

    var reasoningWords: Int {
        self.reasoning.map(TextWords.count) ?? 0
    }

    /// Answers a question: scripted content first, then tools, then a JSON object if one is asked for, then the echo.
    init(to question: ChatQuestion, following directive: Directive) {
        self.reasoning = directive.reasoning ?? (question.thinking ? "Thinking about it." : nil)
        if let calls = directive.toolCalls, !calls.isEmpty {
            self.toolCalls = calls
            self.text = directive.text
            self.ending = .toolCalls
            return
        }
        if let scripted = Self.scriptedText(directive) {
            self.text = scripted
        } else if let calls = Self.calls(for: question) {
            self.toolCalls = calls
            self.ending = .toolCalls
        } else {
            self.text = Self.answer(to: question)
            self.limit(stops: question.stops, words: question.wordLimit)
        }
        if let size = directive.size {
            let text = self.text ?? ""
            self.text = text + String(repeating: "x", count: max(0, size - text.utf8.count))
        }
    }

    private static func scriptedText(_ directive: Directive) -> String? {
        if let text = directive.text { return text }
        guard let tokens = directive.tokens else { return nil }
        guard tokens > 0 else { return "" }
        var text = "tok1"
        text.reserveCapacity(tokens * 8)
        for number in stride(from: 2, through: tokens, by: 1) { text += " tok\(number)" }
        return text
    }

    private static func answer(to question: ChatQuestion) -> String {
        switch question.output {
        case .schema(let schema):
            return SchemaSample(root: schema).value(for: schema).serialised
        case .anyObject:
            let object: JSONValue = ["answer": .string("Echo: " + (question.userText ?? ""))]
            return object.serialised
        case .text:
            if let result = question.toolResult { return "Echo: tool said " + result }
            return "Echo: " + (question.userText ?? "")
        }
    }

    /// The tools to call: those the text asks for with `call <name>`, else the one the request insists on.
    private static func calls(for question: ChatQuestion) -> [ToolCall]? {
        guard !question.tools.isEmpty else { return nil }
        var tools: [ChatQuestion.Tool] = []
        switch question.toolUse {
        case .off: return nil
        case .named(let name): tools = question.tools.filter { $0.name == name }
        case .auto, .required: tools = Self.mentioned(in: question.userText ?? "", of: question.tools)
        }
        if tools.isEmpty, case .required = question.toolUse { tools = Array(question.tools.prefix(1)) }
        guard !tools.isEmpty else { return nil }
        if !question.parallelTools { tools = Array(tools.prefix(1)) }
        return tools.map { tool in
            let arguments = SchemaSample(root: tool.parameters).value(for: tool.parameters)
            return ToolCall(name: tool.name, arguments: arguments.members == nil ? .object([]) : arguments)
        }
    }

    /// Finds every `call <name>` in order; the name ends where a name can end.
    private static func mentioned(in text: String, of tools: [ChatQuestion.Tool]) -> [ChatQuestion.Tool] {
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }
        return zip(words, words.dropFirst()).compactMap { verb, name in
            verb == "call" ? tools.first { $0.name == name } : nil
        }
    }

    private mutating func limit(stops: [String], words: Int?) {
        guard var text = self.text else { return }
        let found = stops.filter { !$0.isEmpty }.compactMap { stop in text.firstIndex(of: stop).map { ($0, stop) } }
        if let (index, stop) = found.min(by: { $0.0 < $1.0 }) {
            text = String(text[..<index])
            self.ending = .stop(stop)
        }
        if let words, let shorter = TextWords.prefix(words, of: text) {
            text = shorter
            self.ending = .length
        }
        self.text = text
    }
}

extension String {
    /// Where another string first occurs, byte for byte; the standard library offers this only for regular expressions.
    fileprivate func firstIndex(of other: String) -> String.Index? {
        var start = self.utf8.startIndex
        while start < self.utf8.endIndex {
            if self.utf8[start...].starts(with: other.utf8) { return start }
            start = self.utf8.index(after: start)
        }
        return nil
    }
}
