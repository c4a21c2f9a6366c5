import Domain
import NIOCore
import WireFormats

/// Turns a whole message into a chat completion, or into a text completion where one was asked for.
///
/// Source: provider-formats.md, section 2.4; Anthropic API reference, "Messages".
struct AnthropicAnswer {
    let call: ModelCall
    let context: TranslationContext

    /// - Throws: `GatewayError` of kind `upstream` when `body` is no message.
    func translate(_ body: ByteBuffer) throws(GatewayError) -> TranslatedAnswer {
        let message: JSONValue
        do {
            message = try JSONValue(parsing: body)
        } catch {
            throw GatewayError(
                .upstream,
                "\(AnthropicErrors.name) answered with something that is not JSON.",
                code: "bad_upstream"
            )
        }
        if message["type"]?.string == "error" || message["error"]?.object != nil {
            throw AnthropicErrors.failure.reported(in: body)
        }
        guard let blocks = message["content"]?.array else {
            throw GatewayError(.upstream, "\(AnthropicErrors.name) answered without 'content'.", code: "bad_upstream")
        }
        var content = MessageContent(context: self.context)
        for block in blocks { content.read(block) }
        let bytes = body.readableBytesUInt8Span
        var usage = AnthropicUsage()
        usage.read(JSONPeek.member("usage", of: 0..<bytes.count, in: bytes), in: bytes)
        let tokens = usage.isKnown ? usage.tokens : nil
        let finish = self.finish(message["stop_reason"], content)
        let choice =
            self.call.operation == .completions
            ? self.textChoice(content, finish) : self.choice(content, finish, message["stop_details"])
        return TranslatedAnswer(body: self.envelope(message["id"], choice, tokens), usage: tokens)
    }

    private func finish(_ reason: JSONValue?, _ content: MessageContent) -> JSONValue {
        guard let reason else { return "stop" }
        let text = reason.serialized
        let bytes = text.readableBytesUInt8Span
        guard let finish = AnthropicStopReason.finish(0..<bytes.count, in: bytes) else { return "stop" }
        return content.isAnswerOfTool && content.calls.isEmpty && "\(finish)" == "tool_calls"
            ? "stop" : .text("\(finish)")
    }

    private func choice(_ content: MessageContent, _ finish: JSONValue, _ details: JSONValue?) -> JSONValue {
        var message = JSONObject([("role", "assistant"), ("content", content.value)])
        let isRefusal = finish == "content_filter"
        message.append("refusal", isRefusal ? details?["explanation"] ?? .null : .null)
        if let reasoning = content.reasoning { message.append("reasoning_content", .text(reasoning)) }
        if !content.thinkingBlocks.isEmpty { message.append("thinking_blocks", .array(content.thinkingBlocks)) }
        if !content.annotations.isEmpty { message.append("annotations", .array(content.annotations)) }
        if !content.calls.isEmpty { message.append("tool_calls", .array(content.calls)) }
        return ["index": 0, "message": .object(message), "logprobs": .null, "finish_reason": finish]
    }

    private func textChoice(_ content: MessageContent, _ finish: JSONValue) -> JSONValue {
        let text: JSONValue = content.value.isNull ? "" : content.value
        return ["index": 0, "text": text, "logprobs": .null, "finish_reason": finish]
    }

    private func envelope(_ id: JSONValue?, _ choice: JSONValue, _ usage: TokenUsage?) -> ByteBuffer {
        let isChat = self.call.operation != .completions
        let name = (isChat ? "chatcmpl-" : "cmpl-") + (id?.string ?? self.call.id)
        var body = JSONObject([
            ("id", .text(name)), ("object", isChat ? "chat.completion" : "text_completion"),
            ("created", .integer(self.call.created)), ("model", .text(self.call.model)), ("choices", .array([choice])),
        ])
        if let usage {
            var text = ByteBuffer()
            UsageWriter.write(usage, into: &text)
            body.append("usage", .number(JSONNumber(spelling: text)))
        }
        return JSONValue.object(body).serialized
    }
}

/// What the blocks of a message amount to.
struct MessageContent {
    let context: TranslationContext
    private(set) var calls: [JSONValue] = []
    private(set) var thinkingBlocks: [JSONValue] = []
    private(set) var annotations: [JSONValue] = []
    private(set) var reasoning: String?
    /// Whether the answer came as the input of the gateway's own tool.
    private(set) var isAnswerOfTool = false
    private var texts: [JSONString] = []
    private var answer: ByteBuffer?

    init(context: TranslationContext) {
        self.context = context
    }

    /// The texts one after another; null if there are none.
    var value: JSONValue {
        if let answer { return .text(String(buffer: answer)) }
        guard !self.texts.isEmpty else { return .null }
        var joined = ByteBuffer()
        for text in self.texts { text.writeEscaped(into: &joined) }
        return .string(.escaped(joined))
    }

    mutating func read(_ block: JSONValue) {
        switch block["type"]?.string {
        case "text": self.readText(block)
        case "tool_use": self.readCall(block)
        case "thinking":
            if let text = block["thinking"]?.string { self.reasoning = (self.reasoning ?? "") + text }
            self.thinkingBlocks.append(block)
        case "redacted_thinking": self.thinkingBlocks.append(block)
        default: break
        }
    }

    private mutating func readText(_ block: JSONValue) {
        guard case .string(let text)? = block["text"] else { return }
        if let citations = block["citations"]?.array, !citations.isEmpty {
            let start = self.texts.reduce(0) { $0 + $1.text.unicodeScalars.count }
            let end = start + text.text.unicodeScalars.count
            self.annotations += citations.compactMap { Self.annotation($0, start..<end) }
        }
        self.texts.append(text)
    }

    private static func annotation(_ citation: JSONValue, _ place: Range<Int>) -> JSONValue? {
        guard let url = citation["url"] else { return nil }
        return [
            "type": "url_citation",
            "url_citation": [
                "start_index": .integer(place.lowerBound), "end_index": .integer(place.upperBound),
                "title": citation["title"] ?? "", "url": url,
            ],
        ]
    }

    private mutating func readCall(_ block: JSONValue) {
        let name = block["name"]?.string ?? ""
        let input = (block["input"] ?? [:]).serialized
        if name == self.context.answerTool {
            self.isAnswerOfTool = true
            self.answer = input
            return
        }
        let function: JSONValue = [
            "name": .text(self.context.renamedTools[name] ?? name), "arguments": .text(String(buffer: input)),
        ]
        self.calls.append(["id": block["id"] ?? "", "type": "function", "function": function])
    }
}
