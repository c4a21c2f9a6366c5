package import Domain
package import NIOCore
package import WireFormats

/// A stream of a vendor with habits of its own: mended event by event, then passed on as OpenAI's are.
package struct RepairingStreamDecoder: StreamDecoder {
    private var inner: OpenAIStreamDecoder
    private var repair: ChoiceRepair
    private var members = JSONMembers()
    private let repairs: AnswerRepairs
    private let wantsUsage: Bool
    /// Usage that stood where clients do not look, and that they are still owed.
    private var owedUsage: TokenUsage?
    private let call: ModelCall

    init(inner: OpenAIStreamDecoder, call: ModelCall, repairs: AnswerRepairs) {
        self.inner = inner
        self.repair = ChoiceRepair(repairs: repairs, isStream: true)
        self.repairs = repairs
        self.wantsUsage = call.wantsUsage
        self.call = call
    }

    package var usage: TokenUsage? { self.inner.usage }
    package var isComplete: Bool { self.inner.isComplete }

    package mutating func decode(_ event: ServerSentEvent, into output: inout ByteBuffer) throws(GatewayError) {
        guard let data = event.data, data.readableBytes > 0, !event.isDone else {
            return try self.inner.decode(event, into: &output)
        }
        let bytes = data.readableBytesUInt8Span
        do {
            try self.members.scan(bytes)
        } catch {
            // It is the inner decoder's to say what is wrong with the event.
            return try self.inner.decode(event, into: &output)
        }
        if self.repairs.readsGroqUsage { self.readGroqUsage(bytes) }
        guard let choices = self.members.value(of: "choices", in: bytes),
            let repaired = self.repair.repaired(data, choices)
        else { return try self.inner.decode(event, into: &output) }
        var splice = JSONSplice()
        splice.replace(choices, with: repaired)
        var mended = ByteBuffer()
        splice.apply(to: data, into: &mended)
        try self.inner.decode(data: mended, block: nil, into: &output)
    }

    package mutating func finish(into output: inout ByteBuffer) {
        if self.wantsUsage, let owedUsage {
            ChunkWriter(
                shape: self.call.operation == .completions ? .text : .chat,
                id: "chatcmpl-" + self.call.id,
                created: self.call.created,
                model: self.call.model
            ).writeUsage(owedUsage, into: &output)
        }
        self.inner.finish(into: &output)
    }

    /// Groq counts in `x_groq.usage` of the last event; if its own usage chunk comes as well, that one goes on.
    private mutating func readGroqUsage(_ bytes: Span<UInt8>) {
        if let usage = self.members.value(of: "usage", in: bytes), !JSONPeek.isNull(usage, in: bytes) {
            self.owedUsage = nil
        } else if let groq = self.members.value(of: "x_groq", in: bytes),
            let counted = OpenAIUsage.read(JSONPeek.member("usage", of: groq, in: bytes), in: bytes)
        {
            self.owedUsage = counted
            self.inner.adopt(counted)
        }
    }
}
