package import Domain
package import NIOCore
package import WireFormats

/// Turns Anthropic's message stream into `chat.completion.chunk` events.
///
/// A delta's text is copied as the JSON string it already is, so an event costs one scan and one copy. Kinds of events
/// and blocks without a counterpart in OpenAI's format are left out, unknown ones among them.
///
/// Source: Anthropic API reference, "Streaming Messages"; provider-formats.md, section 2.5.
package struct AnthropicStreamDecoder: StreamDecoder {
    /// The block whose deltas are coming in.
    private enum Block {
        case other
        case tool(index: Int, hasArguments: Bool)
        /// The gateway's own tool: its input is the answer's content.
        case answer(hasContent: Bool)
        case thinking(text: ByteBuffer, signature: ByteBuffer)
    }

    package private(set) var isComplete = false
    private var counts = AnthropicUsage()
    private var block: Block = .other
    private var toolCount = 0
    private var hasAnswer = false
    private var finishReason: StaticString = "stop"
    private var writer: ChunkWriter?
    private var members = JSONMembers()
    private let call: ModelCall
    private let context: TranslationContext

    init(call: ModelCall, context: TranslationContext) {
        self.call = call
        self.context = context
    }

    package var usage: TokenUsage? { self.counts.isKnown ? self.counts.tokens : nil }

    package mutating func decode(_ event: ServerSentEvent, into output: inout ByteBuffer) throws(GatewayError) {
        guard let data = event.data, data.readableBytes > 0, !self.isComplete, !event.isDone else { return }
        let bytes = data.readableBytesUInt8Span
        do {
            try self.members.scan(bytes)
        } catch {
            throw GatewayError(
                .upstream,
                "\(AnthropicErrors.name) sent an event that is not a JSON object.",
                code: "bad_upstream"
            )
        }
        guard let type = JSONPeek.stringContent(self.members.value(of: "type", in: bytes), in: bytes) else {
            if self.members.value(of: "error", in: bytes) != nil { throw AnthropicErrors.failure.reported(in: data) }
            return
        }
        if JSONPeek.matches(bytes, type, "content_block_delta") {
            self.readDelta(self.members.value(of: "delta", in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "content_block_start") {
            self.startBlock(self.members.value(of: "content_block", in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "content_block_stop") {
            self.endBlock(into: &output)
        } else if JSONPeek.matches(bytes, type, "message_start") {
            self.startMessage(self.members.value(of: "message", in: bytes), bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "message_delta") {
            self.readEnd(bytes)
        } else if JSONPeek.matches(bytes, type, "message_stop") {
            self.endMessage(into: &output)
        } else if JSONPeek.matches(bytes, type, "error") {
            throw AnthropicErrors.failure.reported(in: data)
        }
    }

    package mutating func finish(into output: inout ByteBuffer) {
        if self.call.wantsUsage, let usage { self.openWriter().writeUsage(usage, into: &output) }
        SSEWriter.writeDone(into: &output)
    }

    // MARK: The message

    /// The writer of this answer's events; an upstream that never introduced its message gets the call's identity.
    private mutating func openWriter(id: String? = nil) -> ChunkWriter {
        if let writer { return writer }
        let isChat = self.call.operation != .completions
        let writer = ChunkWriter(
            shape: isChat ? .chat : .text,
            id: (isChat ? "chatcmpl-" : "cmpl-") + (id ?? self.call.id),
            created: self.call.created,
            model: self.call.model
        )
        self.writer = writer
        return writer
    }

    private mutating func startMessage(_ message: Range<Int>?, _ bytes: Span<UInt8>, into output: inout ByteBuffer) {
        guard let message, self.writer == nil else { return }
        self.counts.read(JSONPeek.member("usage", of: message, in: bytes), in: bytes)
        let id = JSONPeek.string(JSONPeek.member("id", of: message, in: bytes), in: bytes)
        self.openWriter(id: id).writeRole(into: &output)
    }

    private mutating func readEnd(_ bytes: Span<UInt8>) {
        self.counts.read(self.members.value(of: "usage", in: bytes), in: bytes)
        guard let delta = self.members.value(of: "delta", in: bytes) else { return }
        let reason = JSONPeek.member("stop_reason", of: delta, in: bytes)
        if let finish = AnthropicStopReason.finish(reason, in: bytes) { self.finishReason = finish }
    }

    private mutating func endMessage(into output: inout ByteBuffer) {
        self.isComplete = true
        let isAnswer = self.hasAnswer && self.toolCount == 0 && "\(self.finishReason)" == "tool_calls"
        self.openWriter().writeFinish(isAnswer ? "stop" : self.finishReason, into: &output)
    }

    // MARK: Blocks

    private mutating func startBlock(
        _ block: Range<Int>?,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        self.block = .other
        guard let block, let type = JSONPeek.stringContent(JSONPeek.member("type", of: block, in: bytes), in: bytes)
        else { return }
        if JSONPeek.matches(bytes, type, "text") {
            self.writeText(JSONPeek.member("text", of: block, in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "tool_use") {
            self.startTool(block, data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "thinking") {
            self.block = .thinking(text: ByteBuffer(), signature: ByteBuffer())
        } else if JSONPeek.matches(bytes, type, "redacted_thinking") {
            var list = ByteBuffer(string: "[")
            list.writeImmutableBuffer(data.slice(block))
            list.writeStaticString("]")
            self.openWriter().writeDelta("thinking_blocks", json: list, into: &output)
        }
    }

    /// The `input` of the start is an empty object whatever follows, and is not read.
    private mutating func startTool(
        _ block: Range<Int>,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        let name = JSONPeek.string(JSONPeek.member("name", of: block, in: bytes), in: bytes) ?? ""
        if name == self.context.answerTool {
            self.block = .answer(hasContent: false)
            self.hasAnswer = true
            return
        }
        let id = JSONPeek.stringContent(JSONPeek.member("id", of: block, in: bytes), in: bytes)
        var escaped = ByteBuffer()
        JSONText.escape(self.context.renamedTools[name] ?? name, into: &escaped)
        let tool = self.toolCount
        self.toolCount += 1
        self.block = .tool(index: tool, hasArguments: false)
        self.openWriter().writeToolStart(
            tool,
            id: id.map { data.slice($0) } ?? ByteBuffer(),
            name: escaped,
            into: &output
        )
    }

    private mutating func endBlock(into output: inout ByteBuffer) {
        switch self.block {
        case .tool(let index, hasArguments: false):
            self.openWriter().writeToolArguments(index, ByteBuffer(string: "{}"), into: &output)
        case .answer(hasContent: false):
            self.openWriter().writeContent(ByteBuffer(string: "{}"), into: &output)
        case .thinking(let text, let signature) where signature.readableBytes > 0:
            var list = ByteBuffer(string: #"[{"type":"thinking","thinking":""#)
            list.writeImmutableBuffer(text)
            list.writeStaticString(#"","signature":""#)
            list.writeImmutableBuffer(signature)
            list.writeStaticString(#""}]"#)
            self.openWriter().writeDelta("thinking_blocks", json: list, into: &output)
        default: break
        }
        self.block = .other
    }

    // MARK: Deltas

    private mutating func readDelta(
        _ delta: Range<Int>?,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        guard let delta, let type = JSONPeek.stringContent(JSONPeek.member("type", of: delta, in: bytes), in: bytes)
        else { return }
        if JSONPeek.matches(bytes, type, "text_delta") {
            self.writeText(JSONPeek.member("text", of: delta, in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "input_json_delta") {
            self.readArguments(JSONPeek.member("partial_json", of: delta, in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "thinking_delta") {
            self.readThinking(JSONPeek.member("thinking", of: delta, in: bytes), data, bytes, into: &output)
        } else if JSONPeek.matches(bytes, type, "signature_delta") {
            let value = JSONPeek.member("signature", of: delta, in: bytes)
            guard case .thinking(let text, var signature) = self.block,
                let inside = JSONPeek.stringContent(value, in: bytes)
            else { return }
            signature.writeImmutableBuffer(data.slice(inside))
            self.block = .thinking(text: text, signature: signature)
        }
    }

    private mutating func writeText(
        _ text: Range<Int>?,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        guard let inside = JSONPeek.stringContent(text, in: bytes), !inside.isEmpty else { return }
        self.openWriter().writeContent(data.slice(inside), into: &output)
    }

    private mutating func readArguments(
        _ json: Range<Int>?,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        guard let inside = JSONPeek.stringContent(json, in: bytes), !inside.isEmpty else { return }
        switch self.block {
        case .tool(let index, _):
            self.block = .tool(index: index, hasArguments: true)
            self.openWriter().writeToolArguments(index, data.slice(inside), into: &output)
        case .answer:
            self.block = .answer(hasContent: true)
            self.openWriter().writeContent(data.slice(inside), into: &output)
        default: break
        }
    }

    private mutating func readThinking(
        _ thinking: Range<Int>?,
        _ data: ByteBuffer,
        _ bytes: Span<UInt8>,
        into output: inout ByteBuffer
    ) {
        guard case .thinking(var text, let signature) = self.block,
            let inside = JSONPeek.stringContent(thinking, in: bytes), !inside.isEmpty
        else { return }
        // Given up first, so that the buffer has one owner and grows in place.
        self.block = .other
        text.writeImmutableBuffer(data.slice(inside))
        self.block = .thinking(text: text, signature: signature)
        self.openWriter().writeReasoning(data.slice(inside), into: &output)
    }
}
