// Vendors that host other people's models, with the habits that go with it.

import Domain

extension CompatibleVendor {
    /// Source: Together AI docs, "OpenAI compatibility".
    static let togetherAI = CompatibleVendor(
        "together_ai",
        "Together AI",
        base: "https://api.together.ai/v1",
        keys: ["TOGETHER_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_API_KEY"],
        repairs: AnswerRepairs(finishReasons: [(from: "eos", to: "stop")])
    ).with { $0.aliases = ["together"] }

    /// Source: Fireworks AI docs, "OpenAI compatibility"; `any` for `required` is LiteLLM's.
    static let fireworks = CompatibleVendor(
        "fireworks_ai",
        "Fireworks AI",
        base: "https://api.fireworks.ai/inference/v1",
        keys: ["FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"],
        rules: RequestRules.cleaned.with {
            $0.modelPrefix = "accounts/fireworks/models/"
            $0.requiredChoice = .any
            $0.stripsStrict = true
        }
    )

    /// Cache marks are understood, inside of content parts.
    ///
    /// Source: OpenRouter docs, "API Reference" and "Prompt Caching".
    static let openRouter = CompatibleVendor(
        "openrouter",
        "OpenRouter",
        base: "https://openrouter.ai/api/v1",
        keys: ["OPENROUTER_API_KEY", "OR_API_KEY"],
        rules: RequestRules.cleaned.with {
            $0.strippedMessageMembers = ["thinking_blocks", "provider_specific_fields", "annotations"]
        }
    ).with { $0.baseVariables = ["OPENROUTER_API_BASE"] }

    /// Source: Perplexity API reference, "Chat Completions".
    static let perplexity = CompatibleVendor(
        "perplexity",
        "Perplexity",
        base: "https://api.perplexity.ai",
        keys: ["PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"],
        rules: RequestRules.cleaned.with { $0.refused = ["tools", "stop", "n", "logprobs", "top_logprobs"] }
    ).with { $0.operations = [.chatCompletions] }
}
