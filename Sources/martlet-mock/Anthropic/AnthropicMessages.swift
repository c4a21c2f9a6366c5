internal import NIOCore

/// `POST messages` and `POST messages/count_tokens`.
enum AnthropicMessages {
    static func answer(_ request: ReceivedRequest, scripted: Directive?) throws(ProviderError) -> Answer {
        let asked = try AnthropicRequest(request)
        let directive = scripted ?? asked.question.directive
        if let directive, let error = ProviderError(scripted: directive) { throw error }
        let reply = ChatReply(to: asked.question, following: directive ?? .plain)
        let message = AnthropicMessage(number: request.number, asked: asked, reply: reply, directive: directive)
        var answer = Answer(
            status: directive?.status ?? 200,
            headerLines: Anthropic.headerLines(request.number),
            body: .complete(ByteBuffer()),
            directive: directive
        )
        if asked.question.stream {
            answer.contentType = "text/event-stream; charset=utf-8"
            answer.body = .events(AnthropicStream(message))
        } else {
            var body = ByteBuffer()
            body.write(json: message.json)
            answer.body = .complete(body)
        }
        return answer
    }

    static func countTokens(_ request: ReceivedRequest, scripted: Directive?) throws(ProviderError) -> Answer {
        let asked = try AnthropicRequest(request, countingOnly: true)
        let directive = scripted ?? asked.question.directive
        if let directive, let error = ProviderError(scripted: directive) { throw error }
        var body = ByteBuffer()
        body.write(json: ["input_tokens": .integer(asked.question.promptWords)])
        return Answer(
            status: 200,
            headerLines: Anthropic.headerLines(request.number),
            body: .complete(body),
            directive: directive
        )
    }
}

/// One message of the model, with the identifiers and numbers Anthropic puts around it.
struct AnthropicMessage {
    static let signature = "c2lnLW1vY2s="

    let reply: ChatReply
    let number: Int
    let hidesUsage: Bool
    /// Members that replace the usual ones, in the answer and in both events of a stream that have usage.
    let scriptedUsage: JSONValue?
    let stopReason: JSONValue
    let stopSequence: JSONValue
    private let model: String
    private let inputTokens: Int
    private let usesCache: Bool

    init(number: Int, asked: AnthropicRequest, reply: ChatReply, directive: Directive?) {
        self.number = number
        self.reply = reply
        self.model = asked.question.model
        self.inputTokens = asked.question.promptWords
        self.usesCache = asked.usesCache
        self.hidesUsage = directive?.noUsage ?? false
        self.scriptedUsage = directive?.usage
        var reason = "end_turn"
        var sequence: String?
        switch reply.ending {
        case .natural: break
        case .length: reason = "max_tokens"
        case .stop(let stop):
            reason = "stop_sequence"
            sequence = stop
        case .toolCalls: reason = "tool_use"
        }
        self.stopReason = .string(directive?.finishReason ?? reason)
        self.stopSequence = JSONValue(sequence)
    }

    /// The answer of a call without streaming.
    var json: JSONValue {
        self.envelope(
            content: self.blocks,
            stopReason: self.stopReason,
            stopSequence: self.stopSequence,
            outputTokens: self.reply.words
        )
    }

    /// The message as `message_start` shows it: no content yet.
    var opening: JSONValue {
        self.envelope(content: [], stopReason: .null, stopSequence: .null, outputTokens: 1)
    }

    func toolUseID(_ index: Int) -> String {
        "toolu_mock\(self.number)_\(index)"
    }

    private func envelope(
        content: [JSONValue],
        stopReason: JSONValue,
        stopSequence: JSONValue,
        outputTokens: Int
    ) -> JSONValue {
        var message: JSONValue = [
            "id": .string("msg_mock\(self.number)"),
            "type": "message",
            "role": "assistant",
            "model": .string(self.model),
            "content": .array(content),
            "stop_reason": stopReason,
            "stop_sequence": stopSequence,
        ]
        if !self.hidesUsage { message.append("usage", self.usage(outputTokens)) }
        return message
    }

    private func usage(_ outputTokens: Int) -> JSONValue {
        let created = self.usesCache ? 5 : 0
        let usage: JSONValue = [
            "input_tokens": .integer(self.inputTokens),
            "cache_creation_input_tokens": .integer(created),
            "cache_read_input_tokens": .integer(self.usesCache ? 7 : 0),
            "cache_creation": ["ephemeral_5m_input_tokens": .integer(created), "ephemeral_1h_input_tokens": 0],
            "output_tokens": .integer(outputTokens),
            "service_tier": "standard",
        ]
        return usage.overlaid(with: self.scriptedUsage)
    }

    private var blocks: [JSONValue] {
        var blocks: [JSONValue] = []
        if let reasoning = self.reply.reasoning {
            blocks.append(
                ["type": "thinking", "thinking": .string(reasoning), "signature": .string(Self.signature)]
            )
        }
        if let text = self.reply.text { blocks.append(["type": "text", "text": .string(text)]) }
        for (index, call) in self.reply.toolCalls.enumerated() {
            blocks.append(
                [
                    "type": "tool_use", "id": .string(self.toolUseID(index)), "name": .string(call.name),
                    "input": call.arguments,
                ]
            )
        }
        return blocks
    }
}
