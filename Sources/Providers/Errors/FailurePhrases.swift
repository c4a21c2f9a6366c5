/// Words by which providers' failures are told apart, in lower case.
///
/// Source: provider-formats.md, section 0.5. A bare "429" inside a message is not trusted: only the status is.
enum FailurePhrases {
    static let contextLength = [
        "maximum context length is", "context_length_exceeded", "exceeds the maximum number of tokens allowed",
        "prompt is too long", "input tokens exceed the configured limit", "exceed context limit",
        "model's maximum context limit", "is longer than the model's context length",
        "exceeds the available context size", "too many tokens", "input is too long", "too many input tokens",
        "expected maxlength:", "prompt: length", "request payload size exceeds",
        "`inputs` tokens + `max_new_tokens` must be", "length limit exceeded",
    ]

    /// Phrases that mean it only together.
    static let contextLengthPairs = [
        ("current length is", "while limit is"), ("input token count", "exceeds the maximum"),
    ]

    static let contentPolicy = [
        "content_policy_violation", "responsibleaipolicyviolation", "content_filter_policy",
        "filtered due to the prompt triggering", "rejected as a result of our safety system",
        "rejected as a result of the safety system", "content filtering policy", "the response was blocked",
    ]

    static let rateLimit = [
        "rate limit", "service tier capacity exceeded", "resource_exhausted", "throttlingexception",
    ]

    /// Whether `phrase` stands in `text`, by bytes: the standard library alone has no such search for strings.
    static func contains(_ text: String, _ phrase: String) -> Bool {
        let text = Array(text.utf8)
        let phrase = Array(phrase.utf8)
        guard let first = phrase.first, text.count >= phrase.count else { return false }
        for start in 0...text.count - phrase.count where text[start] == first {
            if text[start..<start + phrase.count].elementsEqual(phrase) { return true }
        }
        return false
    }
}
