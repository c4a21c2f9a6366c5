import Domain

extension CompatibleVendor {
    /// Source: Mistral API reference, "Chat" and "Embeddings"; provider-formats.md, section 7.
    static let mistral = CompatibleVendor(
        "mistral",
        "Mistral",
        base: "https://api.mistral.ai/v1",
        keys: ["MISTRAL_API_KEY"],
        rules: .mistral,
        repairs: .mistral
    ).with {
        $0.baseVariables = ["MISTRAL_API_BASE"]
        $0.versionPath = "/v1"
        $0.operations = [.chatCompletions, .embeddings]
    }

    /// Mistral's code models, behind keys of their own.
    static let codestral = CompatibleVendor(
        "codestral",
        "Codestral",
        base: "https://codestral.mistral.ai/v1",
        keys: ["CODESTRAL_API_KEY"],
        rules: .mistral,
        repairs: .mistral
    ).with { $0.operations = [.chatCompletions] }
}

extension RequestRules {
    /// Unknown members are answered with 422, inside messages as well; usage comes without being asked for.
    fileprivate static let mistral = RequestRules.cleaned.with {
        $0.hints.removeAll { "\($0)" == "prompt_cache_key" }
        $0.hints += ["user"]
        $0.refused = ["logprobs", "top_logprobs", "logit_bias"]
        $0.renamed += [(from: "seed", to: "random_seed")]
        $0.asksForUsage = false
        $0.strippedMessageMembers += ["reasoning_content", "reasoning", "refusal", "audio", "function_call"]
        $0.namedRoles = ["tool"]
        $0.requiredChoice = .any
    }
}

extension AnswerRepairs {
    fileprivate static let mistral = AnswerRepairs(
        finishReasons: [(from: "model_length", to: "length")],
        joinsContent: true,
        completesToolCalls: true
    )
}
