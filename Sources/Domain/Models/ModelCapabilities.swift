/// What a model can do and at most take, as far as the price table knows; `nil` is "not known".
package struct ModelCapabilities: Sendable, Equatable {
    package var mode: String?
    /// Unit: tokens.
    package var maximumInput: Int?
    /// Unit: tokens.
    package var maximumOutput: Int?
    package var functionCalling: Bool?
    package var vision: Bool?
    package var reasoning: Bool?
    package var responseSchema: Bool?
    /// Whether structured output is a mode of the provider's API, and not a tool in disguise.
    package var nativeStructuredOutput: Bool?
    /// Whether thinking is `adaptive` (Anthropic, 4.6 and later) and not given a budget.
    package var adaptiveThinking: Bool?
    /// Whether `temperature`, `top_p` and `top_k` may be given.
    package var samplingParameters: Bool?
    package var assistantPrefill: Bool?
    package var promptCaching: Bool?

    package init() {}
}
