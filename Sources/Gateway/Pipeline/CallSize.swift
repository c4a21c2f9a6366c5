import Accounting
import Domain
import NIOCore
import WireFormats

/// How large a call may get, read from its request before it is sent.
struct CallSize: Sendable, Equatable {
    /// Tokens the input has at the very most.
    var highestInput = 0
    /// Tokens the input has, about.
    var likelyInput = 0
    /// Tokens of all answers together that the request itself allows; nil when it says nothing.
    var outputLimit: Int?
    /// How many answers are asked for.
    var choices = 1

    private static let bytesPerToken = 4
    /// What an answer is taken to have when nobody says: LiteLLM's floor (litellm.md, section 7.2).
    private static let likelyOutput = 1024

    init() {}

    /// Tokens of input and output, about: what token limits set aside.
    var likelyTokens: Int { self.likelyInput + min(self.outputLimit ?? Self.likelyOutput, .max / 2) }

    init(_ call: ModelCall) {
        let bytes = call.body.readableBytesUInt8Span
        let content = call.members.value(of: call.operation.requiredMember, in: bytes)?.count ?? 0
        let tools = call.members.value(of: "tools", in: bytes)?.count ?? 0
        // Every token is at least one byte of text, and the JSON around the text is more than what a provider adds.
        self.highestInput = content + tools + 64
        self.likelyInput = max(1, (content + tools) / Self.bytesPerToken)
        guard call.operation != .embeddings else {
            self.outputLimit = 0
            return
        }
        self.choices = Self.count("n", call, bytes) ?? 1
        if call.operation == .completions { self.choices = max(self.choices, Self.count("best_of", call, bytes) ?? 1) }
        let limit = Self.count("max_completion_tokens", call, bytes) ?? Self.count("max_tokens", call, bytes)
        self.outputLimit = limit.map { $0.multipliedReportingOverflow(by: self.choices) }
            .map { $0.overflow ? .max / 4 : $0.partialValue }
    }

    private static func count(_ name: StaticString, _ call: ModelCall, _ bytes: Span<UInt8>) -> Int? {
        guard let number = JSONPeek.integer(call.members.value(of: name, in: bytes), in: bytes), number >= 0 else {
            return nil
        }
        return number
    }
}
