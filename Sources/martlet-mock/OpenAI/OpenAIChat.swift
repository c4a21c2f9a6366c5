internal import NIOCore

/// `POST chat/completions`.
enum OpenAIChat {
    static func answer(_ request: ReceivedRequest, scripted: Directive?) throws(ProviderError) -> Answer {
        let asked = try OpenAIChatRequest(request)
        let directive = scripted ?? asked.question.directive
        if let directive, let error = ProviderError(scripted: directive) { throw error }
        let reply = ChatReply(to: asked.question, following: directive ?? .plain)
        let completion = OpenAIChatCompletion(
            number: request.number,
            asked: asked,
            reply: reply,
            directive: directive
        )
        var answer = Answer(
            status: directive?.status ?? 200,
            headerLines: OpenAI.headerLines(request.number),
            body: .complete(ByteBuffer()),
            directive: directive
        )
        if asked.question.stream {
            answer.contentType = "text/event-stream; charset=utf-8"
            answer.body = .events(OpenAIChatStream(completion))
        } else {
            answer.body = .complete(completion.body)
        }
        return answer
    }
}

/// One chat completion: the model's reply with the identifiers and the numbers OpenAI puts around it.
struct OpenAIChatCompletion {
    let id: String
    let number: Int
    let created = WallClock.seconds
    let model: String
    let choices: Int
    let reply: ChatReply
    let includeUsage: Bool
    let hidesUsage: Bool
    private let scriptedUsage: JSONValue?
    let alternatives: Int?
    let finishReason: String
    private let promptTokens: Int

    init(number: Int, asked: OpenAIChatRequest, reply: ChatReply, directive: Directive?) {
        self.number = number
        self.id = "chatcmpl-mock\(number)"
        self.model = asked.question.model
        self.choices = asked.question.choices
        self.reply = reply
        self.includeUsage = asked.includeUsage && !(directive?.noUsage ?? false)
        self.hidesUsage = directive?.noUsage ?? false
        self.scriptedUsage = directive?.usage
        self.alternatives = asked.alternatives
        self.promptTokens = asked.question.promptWords
        self.finishReason = directive?.finishReason ?? Self.finishReason(reply.ending)
    }

    private static func finishReason(_ ending: ChatReply.Ending) -> String {
        switch ending {
        case .natural, .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        }
    }

    func toolCallID(_ choice: Int, _ index: Int) -> String {
        "call_mock\(self.number)_\(choice)_\(index)"
    }

    /// The whole answer of a call without streaming.
    var body: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(768 + (self.reply.text?.utf8.count ?? 0) * self.choices)
        buffer.writeStaticString("{\"id\":\"")
        buffer.writeString(self.id)
        buffer.writeStaticString("\",\"object\":\"chat.completion\",\"created\":")
        buffer.writeString(String(self.created))
        buffer.writeStaticString(",\"model\":")
        buffer.write(jsonString: self.model)
        buffer.writeStaticString(",\"choices\":[")
        for choice in 0..<self.choices {
            if choice > 0 { buffer.writeStaticString(",") }
            self.write(choice: choice, into: &buffer)
        }
        buffer.writeStaticString("]")
        if !self.hidesUsage {
            buffer.writeStaticString(",\"usage\":")
            self.writeUsage(into: &buffer)
        }
        buffer.writeStaticString(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\"}")
        return buffer
    }

    private func write(choice: Int, into buffer: inout ByteBuffer) {
        buffer.writeString("{\"index\":\(choice),\"message\":{\"role\":\"assistant\",\"content\":")
        if let text = self.reply.text { buffer.write(jsonString: text) } else { buffer.writeStaticString("null") }
        buffer.writeStaticString(",\"refusal\":null,\"annotations\":[]")
        if let reasoning = self.reply.reasoning {
            buffer.writeStaticString(",\"reasoning_content\":")
            buffer.write(jsonString: reasoning)
        }
        if !self.reply.toolCalls.isEmpty {
            buffer.writeStaticString(",\"tool_calls\":")
            buffer.write(json: self.toolCalls(choice))
        }
        buffer.writeStaticString("},\"logprobs\":")
        buffer.write(
            json: self.logProbabilities(of: TextWords.split(self.alternatives == nil ? "" : self.reply.text ?? ""))
        )
        buffer.writeStaticString(",\"finish_reason\":")
        buffer.write(jsonString: self.finishReason)
        buffer.writeStaticString("}")
    }

    private func toolCalls(_ choice: Int) -> JSONValue {
        .array(
            self.reply.toolCalls.enumerated().map { index, call in
                [
                    "id": .string(self.toolCallID(choice, index)),
                    "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.argumentText)],
                ]
            }
        )
    }

    func writeUsage(into buffer: inout ByteBuffer) {
        let completion = self.reply.words * self.choices
        let reasoning = self.reply.reasoningWords * self.choices
        if let scripted = self.scriptedUsage {
            let usage: JSONValue = [
                "prompt_tokens": .integer(self.promptTokens),
                "completion_tokens": .integer(completion),
                "total_tokens": .integer(
                    (scripted["prompt_tokens"]?.int ?? self.promptTokens)
                        + (scripted["completion_tokens"]?.int ?? completion)
                ),
            ]
            buffer.write(json: usage.overlaid(with: scripted))
            return
        }
        buffer.writeString(
            "{\"prompt_tokens\":\(self.promptTokens),\"completion_tokens\":\(completion),\"total_tokens\":"
                + "\(self.promptTokens + completion),\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":\(reasoning),\"audio_tokens\":0,"
                + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"
        )
    }

    /// Log probabilities that are the same every time; null unless the request asked for them.
    func logProbabilities(of words: [String]) -> JSONValue {
        guard let alternatives = self.alternatives else { return .null }
        let tokens = words.map { word -> JSONValue in
            var token = Self.logProbability(word, rank: 0)
            let others = (0..<alternatives).map { Self.logProbability($0 == 0 ? word : "alt\($0)", rank: $0) }
            token.append("top_logprobs", .array(others))
            return token
        }
        return ["content": .array(tokens), "refusal": .null]
    }

    private static func logProbability(_ token: String, rank: Int) -> JSONValue {
        [
            "token": .string(token),
            "logprob": .number(-0.125 - Double(rank)),
            "bytes": .array(token.utf8.map { .integer(Int($0)) }),
        ]
    }
}

extension ToolCall {
    /// The arguments as the JSON text OpenAI sends; a scripted string is sent as it is, even if it is not JSON.
    var argumentText: String {
        self.arguments.text ?? self.arguments.serialised
    }

    /// The argument text in the two or three pieces it is streamed in.
    var argumentPieces: [String] {
        let text = Array(self.argumentText)
        let size = max(1, (text.count + 2) / 3)
        return stride(from: 0, to: text.count, by: size).map { String(text[$0..<min($0 + size, text.count)]) }
    }
}
