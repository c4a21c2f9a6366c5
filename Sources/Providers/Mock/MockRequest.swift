import Domain
import NIOCore
import WireFormats

/// What the mock looks at in a request.
struct MockRequest {
    private let call: ModelCall

    /// More choices than this are a mistake or an attack: each is a whole answer.
    private static let maximumChoices = 128

    init(_ call: ModelCall) {
        self.call = call
    }

    /// What each choice answers: the last user message, or the prompts; `n` times each.
    func choices() throws(GatewayError) -> [String] {
        let bytes = self.call.body.readableBytesUInt8Span
        guard self.call.operation != .embeddings else { return [] }
        let repeats = JSONPeek.integer(self.call.members.value(of: "n", in: bytes), in: bytes) ?? 1
        let questions = self.call.operation == .chatCompletions ? [self.lastQuestion(bytes)] : self.prompts(bytes)
        guard repeats <= Self.maximumChoices, questions.count * max(1, repeats) <= Self.maximumChoices else {
            throw GatewayError(.badRequest, "The mock gives at most \(Self.maximumChoices) choices.", param: "n")
        }
        return questions.flatMap { Array(repeating: $0, count: max(1, repeats)) }
    }

    /// The size of what the model is to work on, in bytes.
    var promptBytes: Int {
        self.call.members.value(of: self.call.operation.requiredMember, in: self.call.body.readableBytesUInt8Span)?
            .count ?? 0
    }

    private func lastQuestion(_ bytes: Span<UInt8>) -> String {
        var walk = ArrayWalk(self.call.members.value(of: "messages", in: bytes), in: bytes)
        var content: Range<Int>?
        while let message = walk.next(in: bytes) {
            guard JSONPeek.isString(JSONPeek.member("role", of: message, in: bytes), "user", in: bytes) else {
                continue
            }
            content = JSONPeek.member("content", of: message, in: bytes)
        }
        if let text = JSONPeek.string(content, in: bytes) { return text }
        var texts: [String] = []
        var parts = ArrayWalk(content, in: bytes)
        while let part = parts.next(in: bytes) {
            if let text = JSONPeek.string(JSONPeek.member("text", of: part, in: bytes), in: bytes) {
                texts.append(text)
            }
        }
        return texts.joined(separator: "\n")
    }

    private func prompts(_ bytes: Span<UInt8>) -> [String] {
        let prompt = self.call.members.value(of: "prompt", in: bytes)
        if let text = JSONPeek.string(prompt, in: bytes) { return [text] }
        var texts: [String] = []
        var walk = ArrayWalk(prompt, in: bytes)
        while let element = walk.next(in: bytes) {
            // One prompt of tokens has no words to repeat; a list of prompts has one choice each.
            if JSONPeek.integer(element, in: bytes) != nil { return [""] }
            texts.append(JSONPeek.string(element, in: bytes) ?? "")
        }
        return texts.isEmpty ? [""] : texts
    }
}
