package import Domain
package import NIOCore
import WireFormats

/// An answer made up on the spot: for the `mock` provider, and for deployments with `mock_response`.
///
/// The same call always gets the same answer. Nothing waits here: the gateway does the timing.
package struct MockAnswer: Sendable {
    package let usage: TokenUsage
    private let call: ModelCall
    /// One text a choice.
    private let texts: [String]
    private let isFixed: Bool

    /// Makes the answer to `call`: the deployment's `mock_response`, or nil for the `mock` provider's own words.
    ///
    /// - Throws: the failure that `text` asks for by one of LiteLLM's special strings (litellm.md, section 1.3), or
    ///   `badRequest` for a request that cannot be answered.
    package init(call: ModelCall, text: String?) throws(GatewayError) {
        if let text { try MockFailure.raise(text) }
        let request = MockRequest(call)
        let choices = try request.choices()
        self.call = call
        self.isFixed = text != nil
        self.texts = choices.map { text ?? MockWords.answer(to: $0, model: call.model) }
        // LiteLLM's fixed figures, which its users' tests know.
        self.usage =
            text != nil && call.operation != .embeddings
            ? TokenUsage(prompt: 10, completion: 20)
            : TokenUsage(
                prompt: MockWords.tokens(request.promptBytes),
                completion: call.operation == .embeddings
                    ? 0 : self.texts.reduce(0) { $0 + MockWords.tokens($1.utf8.count) }
            )
    }

    /// The whole answer.
    package func answer() throws(GatewayError) -> TranslatedAnswer {
        if self.call.operation == .embeddings {
            return TranslatedAnswer(body: try MockEmbeddings(call: self.call).body(self.usage), usage: self.usage)
        }
        let isChat = self.call.operation == .chatCompletions
        let choices = self.texts.enumerated().map { index, text -> JSONValue in
            isChat
                ? [
                    "index": .integer(index),
                    "message": ["role": "assistant", "content": .text(text), "refusal": .null],
                    "logprobs": .null, "finish_reason": "stop",
                ] : ["index": .integer(index), "text": .text(text), "logprobs": .null, "finish_reason": "stop"]
        }
        var usage = ByteBuffer()
        UsageWriter.write(self.usage, into: &usage)
        let body: JSONValue = [
            "id": .text(self.id), "object": isChat ? "chat.completion" : "text_completion",
            "created": .integer(self.call.created), "model": .text(self.call.model), "choices": .array(choices),
            "usage": .number(JSONNumber(spelling: usage)),
        ]
        return TranslatedAnswer(body: body.serialized, usage: self.usage)
    }

    /// The streamed answer's events, the usage chunk (if the client asked) and `[DONE]` among them; each is sent alone.
    package func events() -> [ByteBuffer] {
        let shape: ChunkWriter.Shape = self.call.operation == .chatCompletions ? .chat : .text
        let writer = ChunkWriter(
            shape: shape,
            id: self.id,
            created: self.call.created,
            model: self.call.model
        )
        var events: [ByteBuffer] = []
        for (index, text) in self.texts.enumerated() {
            if shape == .chat { events.append(Self.event { writer.writeRole(index: index, into: &$0) }) }
            for piece in self.isFixed ? MockWords.triples(text) : MockWords.words(text) {
                var escaped = ByteBuffer()
                JSONText.escape(piece, into: &escaped)
                events.append(Self.event { writer.writeContent(escaped, index: index, into: &$0) })
            }
            events.append(Self.event { writer.writeFinish("stop", index: index, into: &$0) })
        }
        if self.call.wantsUsage { events.append(Self.event { writer.writeUsage(self.usage, into: &$0) }) }
        events.append(Self.event { SSEWriter.writeDone(into: &$0) })
        return events
    }

    private var id: String {
        (self.call.operation == .chatCompletions ? "chatcmpl-" : "cmpl-") + self.call.id
    }

    private static func event(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var event = ByteBuffer()
        write(&event)
        return event
    }
}
