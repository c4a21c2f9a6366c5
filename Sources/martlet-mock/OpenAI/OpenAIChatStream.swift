internal import NIOCore

/// The `chat.completion.chunk` events of one answer.
struct OpenAIChatStream: EventSource {
    private enum Event {
        case role(Int)
        case reasoning(Int, String)
        case text(Int, String)
        case toolStart(Int, Int)
        case arguments(Int, Int, String)
        case finish(Int)
        case usage
        case done
    }

    private let completion: OpenAIChatCompletion
    private let events: [Event]
    /// What every chunk begins with, up to the choices.
    private let prefix: ByteBuffer

    init(_ completion: OpenAIChatCompletion) {
        self.completion = completion
        var prefix = ByteBuffer()
        prefix.writeString("data: {\"id\":\"\(completion.id)\",\"object\":\"chat.completion.chunk\",\"created\":")
        prefix.writeString("\(completion.created),\"model\":")
        prefix.write(jsonString: completion.model)
        prefix.writeStaticString(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\",\"choices\":[")
        self.prefix = prefix
        var events = Self.choices(of: completion)
        if completion.includeUsage { events.append(.usage) }
        events.append(.done)
        self.events = events
    }

    /// The events of all choices; several choices take turns, as they do at OpenAI.
    private static func choices(of completion: OpenAIChatCompletion) -> [Event] {
        guard completion.choices > 1 else { return Self.choice(0, of: completion) }
        let choices = (0..<completion.choices).map { Self.choice($0, of: completion) }
        return (0..<(choices.first?.count ?? 0)).flatMap { index in choices.map { $0[index] } }
    }

    private static func choice(_ choice: Int, of completion: OpenAIChatCompletion) -> [Event] {
        let reply = completion.reply
        var events = [Event.role(choice)]
        if let reasoning = reply.reasoning {
            events += TextWords.split(reasoning).map { .reasoning(choice, $0) }
        }
        if let text = reply.text {
            events += TextWords.split(text).map { .text(choice, $0) }
        }
        for (index, call) in reply.toolCalls.enumerated() {
            events.append(.toolStart(choice, index))
            events += call.argumentPieces.map { .arguments(choice, index, $0) }
        }
        events.append(.finish(choice))
        return events
    }

    var count: Int { self.events.count }

    func write(_ index: Int, into buffer: inout ByteBuffer) {
        switch self.events[index] {
        case .role(let choice):
            let content = self.completion.reply.text == nil ? "null" : "\"\""
            self.write(choice, into: &buffer) {
                $0.writeString("\"role\":\"assistant\",\"content\":\(content),\"refusal\":null")
            }
        case .reasoning(let choice, let text):
            self.write(choice, into: &buffer) {
                $0.writeStaticString("\"reasoning_content\":")
                $0.write(jsonString: text)
            }
        case .text(let choice, let text):
            self.write(choice, token: text, into: &buffer) {
                $0.writeStaticString("\"content\":")
                $0.write(jsonString: text)
            }
        case .toolStart(let choice, let call):
            let id = self.completion.toolCallID(choice, call)
            self.write(choice, into: &buffer) {
                $0.writeString(
                    "\"tool_calls\":[{\"index\":\(call),\"id\":\"\(id)\",\"type\":\"function\",\"function\":{\"name\":"
                )
                $0.write(jsonString: self.completion.reply.toolCalls[call].name)
                $0.writeStaticString(",\"arguments\":\"\"}}]")
            }
        case .arguments(let choice, let call, let piece):
            self.write(choice, into: &buffer) {
                $0.writeString("\"tool_calls\":[{\"index\":\(call),\"function\":{\"arguments\":")
                $0.write(jsonString: piece)
                $0.writeStaticString("}}]")
            }
        case .finish(let choice): self.write(choice, finishing: true, into: &buffer) { _ in }
        case .usage: self.writeUsage(into: &buffer)
        case .done: buffer.writeStaticString("data: [DONE]\n\n")
        }
    }

    func writeFailure(_ directive: Directive, into buffer: inout ByteBuffer) {
        OpenAI.writeStreamFailure(directive, into: &buffer)
    }

    private func write(
        _ choice: Int,
        token: String? = nil,
        finishing: Bool = false,
        into buffer: inout ByteBuffer,
        delta: (inout ByteBuffer) -> Void
    ) {
        buffer.writeImmutableBuffer(self.prefix)
        buffer.writeStaticString("{\"index\":")
        buffer.writeString(String(choice))
        buffer.writeStaticString(",\"delta\":{")
        delta(&buffer)
        buffer.writeStaticString("},\"logprobs\":")
        if let token, self.completion.alternatives != nil {
            buffer.write(json: self.completion.logProbabilities(of: [token]))
        } else {
            buffer.writeStaticString("null")
        }
        buffer.writeStaticString(",\"finish_reason\":")
        if finishing {
            buffer.write(jsonString: self.completion.finishReason)
        } else {
            buffer.writeStaticString("null")
        }
        if self.completion.includeUsage {
            buffer.writeStaticString("}],\"usage\":null}\n\n")
        } else {
            buffer.writeStaticString("}]}\n\n")
        }
    }

    private func writeUsage(into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(self.prefix)
        buffer.writeStaticString("],\"usage\":")
        self.completion.writeUsage(into: &buffer)
        buffer.writeStaticString("}\n\n")
    }
}
