internal import NIOCore

/// The events of a streamed message, from `message_start` to `message_stop`.
struct AnthropicStream: EventSource {
    private enum Event {
        case messageStart
        case ping
        case blockStart(Int, JSONValue)
        case delta(Int, DeltaKind, String)
        case blockStop(Int)
        case messageDelta
        case messageStop
    }

    private enum DeltaKind {
        case text
        case thinking
        case signature
        case input

        /// The event's text up to the string it carries.
        var opening: StaticString {
            switch self {
            case .text: "{\"type\":\"text_delta\",\"text\":"
            case .thinking: "{\"type\":\"thinking_delta\",\"thinking\":"
            case .signature: "{\"type\":\"signature_delta\",\"signature\":"
            case .input: "{\"type\":\"input_json_delta\",\"partial_json\":"
            }
        }
    }

    private let message: AnthropicMessage
    private let events: [Event]

    init(_ message: AnthropicMessage) {
        self.message = message
        var blocks: [[Event]] = []
        if let reasoning = message.reply.reasoning { blocks.append(Self.thinking(reasoning)) }
        if let text = message.reply.text { blocks.append(Self.text(text, at: blocks.count)) }
        for (index, call) in message.reply.toolCalls.enumerated() {
            blocks.append(Self.toolUse(call, id: message.toolUseID(index), at: blocks.count))
        }
        // The real stream pings once, right behind the start of the first block.
        if let first = blocks.first?.first {
            blocks[0].replaceSubrange(0..<1, with: [first, .ping])
        }
        self.events = [.messageStart] + blocks.flatMap { $0 } + [.messageDelta, .messageStop]
    }

    private static func thinking(_ text: String) -> [Event] {
        let start = Event.blockStart(0, ["type": "thinking", "thinking": "", "signature": ""])
        let deltas = TextWords.split(text).map { Event.delta(0, .thinking, $0) }
        return [start] + deltas + [.delta(0, .signature, AnthropicMessage.signature), .blockStop(0)]
    }

    private static func text(_ text: String, at index: Int) -> [Event] {
        let start = Event.blockStart(index, ["type": "text", "text": ""])
        return [start] + TextWords.split(text).map { .delta(index, .text, $0) } + [.blockStop(index)]
    }

    private static func toolUse(_ call: ToolCall, id: String, at index: Int) -> [Event] {
        let start = Event.blockStart(
            index,
            ["type": "tool_use", "id": .string(id), "name": .string(call.name), "input": .object([])]
        )
        // The real stream sends an empty piece first, and nothing else for a call without arguments.
        let pieces = call.arguments.members?.isEmpty == true ? [""] : [""] + call.argumentPieces
        return [start] + pieces.map { .delta(index, .input, $0) } + [.blockStop(index)]
    }

    var count: Int { self.events.count }

    func write(_ index: Int, into buffer: inout ByteBuffer) {
        switch self.events[index] {
        case .delta(let block, let kind, let text):
            buffer.writeStaticString("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
            buffer.writeString(String(block))
            buffer.writeStaticString(",\"delta\":")
            buffer.writeStaticString(kind.opening)
            buffer.write(jsonString: text)
            buffer.writeStaticString("}}\n\n")
        case .messageStart: Self.write("message_start", ["message": self.message.opening], into: &buffer)
        case .ping: Self.write("ping", [:], into: &buffer)
        case .blockStart(let block, let content):
            Self.write("content_block_start", ["index": .integer(block), "content_block": content], into: &buffer)
        case .blockStop(let block): Self.write("content_block_stop", ["index": .integer(block)], into: &buffer)
        case .messageDelta: self.writeMessageDelta(into: &buffer)
        case .messageStop: Self.write("message_stop", [:], into: &buffer)
        }
    }

    func writeFailure(_ directive: Directive, into buffer: inout ByteBuffer) {
        let error: JSONValue = [
            "type": .string(directive.type ?? "overloaded_error"),
            "message": .string(directive.message ?? "Overloaded"),
        ]
        Self.write("error", ["error": error], into: &buffer)
    }

    private func writeMessageDelta(into buffer: inout ByteBuffer) {
        var fields: JSONValue = [
            "delta": ["stop_reason": self.message.stopReason, "stop_sequence": self.message.stopSequence]
        ]
        if !self.message.hidesUsage {
            let usage: JSONValue = ["output_tokens": .integer(self.message.reply.words)]
            fields.append("usage", usage.overlaid(with: self.message.scriptedUsage))
        }
        Self.write("message_delta", fields, into: &buffer)
    }

    /// Writes an event whose data begins with its own name as `type`.
    private static func write(_ name: String, _ fields: JSONValue, into buffer: inout ByteBuffer) {
        let type = JSONValue.Member(key: "type", value: .string(name))
        buffer.writeString("event: \(name)\ndata: ")
        buffer.write(json: .object([type] + (fields.members ?? [])))
        buffer.writeStaticString("\n\n")
    }
}
