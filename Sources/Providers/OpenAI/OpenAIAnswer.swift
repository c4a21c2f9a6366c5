import Domain
import NIOCore
import WireFormats

/// Reads a whole answer of OpenAI's format and puts the model's name in it that the client asked for.
struct OpenAIAnswer {
    let call: ModelCall
    let format: OpenAIFormat

    /// - Throws: `GatewayError` of kind `upstream` when `body` is no answer, and what its `error` says if it has one.
    func translate(_ body: ByteBuffer) throws(GatewayError) -> TranslatedAnswer {
        var body = body
        var members = JSONMembers()
        try self.scan(body, &members)
        if self.format.repairs.concernsChoices, let choices = self.value(of: "choices", members, body) {
            var repair = ChoiceRepair(repairs: self.format.repairs, isStream: false)
            if let repaired = repair.repaired(body, choices) {
                body = Self.replacing(choices, of: body, with: repaired)
                try self.scan(body, &members)
            }
        }
        let bytes = body.readableBytesUInt8Span
        var usage = members.value(of: "usage", in: bytes)
        if self.format.repairs.readsGroqUsage, usage == nil, let groq = members.value(of: "x_groq", in: bytes) {
            usage = JSONPeek.member("usage", of: groq, in: bytes)
        }
        let counted = OpenAIUsage.read(usage, in: bytes, reasoningIsApart: self.format.repairs.reasoningIsApart)
        return TranslatedAnswer(body: self.named(body, members), usage: counted)
    }

    private func scan(_ body: ByteBuffer, _ members: inout JSONMembers) throws(GatewayError) {
        let bytes = body.readableBytesUInt8Span
        do {
            try members.scan(bytes)
        } catch {
            throw GatewayError(
                .upstream,
                "\(self.format.displayName) answered with something that is not a JSON object.",
                code: "bad_upstream"
            )
        }
        if let error = members.value(of: "error", in: bytes), !JSONPeek.isNeutral(error, in: bytes) {
            throw UpstreamFailure(provider: self.format.displayName).reported(in: body)
        }
        let required: StaticString = self.call.operation == .embeddings ? "data" : "choices"
        guard let content = members.value(of: required, in: bytes), JSONPeek.isArray(content, in: bytes) else {
            throw GatewayError(
                .upstream,
                "\(self.format.displayName) answered without '\(required)'.",
                code: "bad_upstream"
            )
        }
    }

    private func value(of key: StaticString, _ members: JSONMembers, _ body: ByteBuffer) -> Range<Int>? {
        members.value(of: key, in: body.readableBytesUInt8Span)
    }

    /// `body` with the name the client asked for; the same storage when it is there already.
    private func named(_ body: ByteBuffer, _ members: JSONMembers) -> ByteBuffer {
        let name = ByteBuffer(jsonString: self.call.model)
        let bytes = body.readableBytesUInt8Span
        guard let model = members.value(of: "model", in: bytes) else {
            guard let first = members.items.first else { return body }
            var added = ByteBuffer(string: #""model":"#)
            added.writeImmutableBuffer(name)
            added.writeStaticString(",")
            let start = first.key.lowerBound - 1
            return Self.replacing(start..<start, of: body, with: added)
        }
        return body.slice(model) == name ? body : Self.replacing(model, of: body, with: name)
    }

    private static func replacing(_ range: Range<Int>, of body: ByteBuffer, with value: ByteBuffer) -> ByteBuffer {
        var splice = JSONSplice()
        splice.replace(range, with: value)
        var output = ByteBuffer()
        splice.apply(to: body, into: &output)
        return output
    }
}
