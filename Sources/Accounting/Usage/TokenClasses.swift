package import Domain

/// An answer's tokens, each in exactly one class: the classes of the input sum to `prompt`, those of the output to
/// `completion`.
///
/// Providers report details that overlap or exceed their totals; a detail gets what is left of the total when its turn
/// comes, in the order of the members. No class is ever negative.
package struct TokenClasses: Sendable, Equatable {
    package var cacheRead: Int
    /// Kept for an hour.
    package var cacheWriteOneHour: Int
    /// Kept for the usual time.
    package var cacheWrite: Int
    package var audioInput: Int
    package var imageInput: Int
    /// The rest of the prompt.
    package var input: Int

    package var reasoning: Int
    package var audioOutput: Int
    package var imageOutput: Int
    /// The rest of the completion.
    package var output: Int

    package init(_ usage: TokenUsage) {
        var rest = max(0, usage.prompt)
        self.cacheRead = Self.take(usage.cacheRead, &rest)
        var written = Self.take(usage.cacheWrite, &rest)
        self.cacheWriteOneHour = Self.take(usage.cacheWriteOneHour, &written)
        self.cacheWrite = written
        self.audioInput = Self.take(usage.audioInput, &rest)
        self.imageInput = Self.take(usage.imageInput, &rest)
        self.input = rest
        rest = max(0, usage.completion)
        self.reasoning = Self.take(usage.reasoning, &rest)
        self.audioOutput = Self.take(usage.audioOutput, &rest)
        self.imageOutput = Self.take(usage.imageOutput, &rest)
        self.output = rest
    }

    private static func take(_ wanted: Int, _ rest: inout Int) -> Int {
        let taken = min(max(0, wanted), rest)
        rest -= taken
        return taken
    }
}
