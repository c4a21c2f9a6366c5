/// Whose a model name without a prefix is, when no table knows it: by how the vendors name their models.
///
/// Wider than LiteLLM's rules on purpose: it refuses retired names such as `claude-3-opus-20240229`, which its own
/// tutorial uses.
enum BareModelRules {
    static func provider(of model: String) -> String? {
        for rule in self.rules where model.hasPrefix(rule.prefix) { return rule.provider }
        return self.isReasoningSeries(model) ? "openai" : nil
    }

    private static let rules: [(prefix: String, provider: String)] = [
        ("claude", "anthropic"), ("chatgpt", "openai"), ("gpt", "openai"), ("ft:", "openai"),
        ("text-embedding-3", "openai"), ("text-embedding-ada", "openai"), ("text-embedding-", "openai"),
        ("text-moderation", "openai"), ("omni-moderation", "openai"), ("dall-e", "openai"), ("davinci", "openai"),
        ("babbage", "openai"), ("whisper", "openai"), ("tts-", "openai"), ("codex", "openai"), ("sora-", "openai"),
        ("computer-use-preview", "openai"),
        ("gemini", "gemini"), ("gemma", "gemini"), ("command", "cohere"),
        ("mistral", "mistral"), ("codestral", "mistral"), ("ministral", "mistral"), ("magistral", "mistral"),
        ("devstral", "mistral"), ("pixtral", "mistral"), ("open-mistral", "mistral"), ("open-mixtral", "mistral"),
        ("deepseek", "deepseek"), ("grok", "xai"), ("sonar", "perplexity"), ("kimi", "moonshot"),
        ("moonshot", "moonshot"),
    ]

    /// `o1`, `o3-mini`, `o4-mini-2025-04-16`: an o, digits, then nothing or a dash.
    private static func isReasoningSeries(_ model: String) -> Bool {
        guard model.first == "o" else { return false }
        let rest = model.dropFirst()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return false }
        let after = rest.dropFirst(digits.count).first
        return after == nil || after == "-"
    }
}
