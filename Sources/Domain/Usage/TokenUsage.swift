/// The tokens one answer used, by the classes that providers bill apart.
///
/// Unit: tokens. `prompt` includes the cached and cache-written ones, `completion` the reasoning ones, as in OpenAI's
/// format (provider-specific counts are brought to this form by their translator).
package struct TokenUsage: Sendable, Equatable, Codable {
    package var prompt: Int
    package var completion: Int
    package var cacheRead: Int
    package var cacheWrite: Int
    /// The part of `cacheWrite` that is kept for an hour (Anthropic bills it higher).
    package var cacheWriteOneHour: Int
    package var reasoning: Int
    package var audioInput: Int
    package var audioOutput: Int
    /// Web searches the provider made on its own.
    package var searches: Int
    /// Whether the gateway counted because the provider did not say.
    package var isEstimate: Bool

    package init(
        prompt: Int = 0,
        completion: Int = 0,
        cacheRead: Int = 0,
        cacheWrite: Int = 0,
        cacheWriteOneHour: Int = 0,
        reasoning: Int = 0,
        audioInput: Int = 0,
        audioOutput: Int = 0,
        searches: Int = 0,
        isEstimate: Bool = false
    ) {
        self.prompt = prompt
        self.completion = completion
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.cacheWriteOneHour = cacheWriteOneHour
        self.reasoning = reasoning
        self.audioInput = audioInput
        self.audioOutput = audioOutput
        self.searches = searches
        self.isEstimate = isEstimate
    }

    package var total: Int { self.prompt + self.completion }
}
