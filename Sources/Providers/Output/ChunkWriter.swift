import Domain
import NIOCore
import WireFormats

/// Writes the events of a streamed answer in OpenAI's format, for providers that have events of their own.
///
/// What all events of an answer have in common is written once and copied from then on, so an event costs two or three
/// copies and no allocation. Texts are given as the inside of a JSON string, escaped as they came.
///
/// Source: OpenAI API reference, "The chat completion chunk object", "The completion object".
struct ChunkWriter: Sendable {
    /// Which operation's events are written; a text completion has no roles, reasoning or tools, and leaves these out.
    enum Shape: Sendable {
        case chat
        case text
    }

    let shape: Shape
    /// What every event begins with, up to the opening bracket of its choices.
    private let head: ByteBuffer

    init(shape: Shape, id: String, created: Int, model: String) {
        self.shape = shape
        var head = ByteBuffer(string: #"data: {"id":"#)
        JSONText.writeString(id, into: &head)
        head.writeStaticString(
            shape == .chat ? #","object":"chat.completion.chunk""# : #","object":"text_completion""#
        )
        head.writeStaticString(#","created":"#)
        head.writeString(String(created))
        head.writeStaticString(#","model":"#)
        JSONText.writeString(model, into: &head)
        head.writeStaticString(#","choices":["#)
        self.head = head
    }

    /// The first event of a choice.
    func writeRole(index: Int = 0, into output: inout ByteBuffer) {
        guard self.shape == .chat else { return }
        self.beginDelta(index, into: &output)
        output.writeStaticString(#""role":"assistant","content":"""#)
        self.endDelta(into: &output)
    }

    func writeContent(_ escaped: ByteBuffer, index: Int = 0, into output: inout ByteBuffer) {
        guard self.shape == .chat else {
            self.writeText(escaped, finish: nil, index: index, into: &output)
            return
        }
        self.beginDelta(index, into: &output)
        output.writeStaticString(#""content":""#)
        output.writeImmutableBuffer(escaped)
        output.writeStaticString("\"")
        self.endDelta(into: &output)
    }

    func writeReasoning(_ escaped: ByteBuffer, into output: inout ByteBuffer) {
        guard self.shape == .chat else { return }
        self.beginDelta(0, into: &output)
        output.writeStaticString(#""reasoning_content":""#)
        output.writeImmutableBuffer(escaped)
        output.writeStaticString("\"")
        self.endDelta(into: &output)
    }

    /// A delta of one member whose value is JSON text.
    func writeDelta(_ name: StaticString, json: ByteBuffer, into output: inout ByteBuffer) {
        guard self.shape == .chat else { return }
        self.beginDelta(0, into: &output)
        output.writeStaticString("\"")
        output.writeStaticString(name)
        output.writeStaticString("\":")
        output.writeImmutableBuffer(json)
        self.endDelta(into: &output)
    }

    /// The first event of a tool call: its identity and name, both escaped, and no arguments yet.
    func writeToolStart(_ tool: Int, id: ByteBuffer, name: ByteBuffer, into output: inout ByteBuffer) {
        guard self.shape == .chat else { return }
        self.beginDelta(0, into: &output)
        output.writeStaticString(#""tool_calls":[{"index":"#)
        Self.writeInteger(tool, into: &output)
        output.writeStaticString(#","id":""#)
        output.writeImmutableBuffer(id)
        output.writeStaticString(#"","type":"function","function":{"name":""#)
        output.writeImmutableBuffer(name)
        output.writeStaticString(#"","arguments":""}}]"#)
        self.endDelta(into: &output)
    }

    func writeToolArguments(_ tool: Int, _ escaped: ByteBuffer, into output: inout ByteBuffer) {
        guard self.shape == .chat else { return }
        self.beginDelta(0, into: &output)
        output.writeStaticString(#""tool_calls":[{"index":"#)
        Self.writeInteger(tool, into: &output)
        output.writeStaticString(#","function":{"arguments":""#)
        output.writeImmutableBuffer(escaped)
        output.writeStaticString(#""}}]"#)
        self.endDelta(into: &output)
    }

    func writeFinish(_ reason: StaticString, index: Int = 0, into output: inout ByteBuffer) {
        guard self.shape == .chat else {
            self.writeText(ByteBuffer(), finish: reason, index: index, into: &output)
            return
        }
        output.writeImmutableBuffer(self.head)
        output.writeStaticString(#"{"index":"#)
        Self.writeInteger(index, into: &output)
        output.writeStaticString(#","delta":{},"finish_reason":""#)
        output.writeStaticString(reason)
        output.writeStaticString("\"}]}\n\n")
    }

    func writeUsage(_ usage: TokenUsage, into output: inout ByteBuffer) {
        output.writeImmutableBuffer(self.head)
        output.writeStaticString(#"],"usage":"#)
        UsageWriter.write(usage, into: &output)
        output.writeStaticString("}\n\n")
    }

    private func writeText(
        _ escaped: ByteBuffer,
        finish: StaticString?,
        index: Int,
        into output: inout ByteBuffer
    ) {
        output.writeImmutableBuffer(self.head)
        output.writeStaticString(#"{"index":"#)
        Self.writeInteger(index, into: &output)
        output.writeStaticString(#","text":""#)
        output.writeImmutableBuffer(escaped)
        output.writeStaticString(#"","logprobs":null,"finish_reason":"#)
        if let finish {
            output.writeStaticString("\"")
            output.writeStaticString(finish)
            output.writeStaticString("\"}]}\n\n")
        } else {
            output.writeStaticString("null}]}\n\n")
        }
    }

    private func beginDelta(_ index: Int, into output: inout ByteBuffer) {
        output.writeImmutableBuffer(self.head)
        output.writeStaticString(#"{"index":"#)
        Self.writeInteger(index, into: &output)
        output.writeStaticString(#","delta":{"#)
    }

    private func endDelta(into output: inout ByteBuffer) {
        output.writeStaticString("},\"finish_reason\":null}]}\n\n")
    }

    /// Numbers below ten, which nearly all are, without a string between.
    private static func writeInteger(_ value: Int, into output: inout ByteBuffer) {
        if value >= 0, value < 10 {
            output.writeInteger(UInt8(ascii: "0") + UInt8(value))
        } else {
            output.writeString(String(value))
        }
    }
}
