import Domain

extension CompatibleVendor {
    /// Source: Groq API reference, "OpenAI Compatibility" (unsupported fields) and "Chat".
    static let groq = CompatibleVendor(
        "groq",
        "Groq",
        base: "https://api.groq.com/openai/v1",
        keys: ["GROQ_API_KEY"],
        rules: RequestRules.cleaned.with {
            $0.renamed = []
            $0.refused = ["n", "logprobs", "top_logprobs", "logit_bias"]
            $0.strippedMessageMembers += ["reasoning_content", "refusal"]
            $0.hints.removeAll { "\($0)" == "service_tier" }
        },
        repairs: AnswerRepairs(readsGroqUsage: true)
    ).with {
        $0.baseVariables = ["GROQ_API_BASE"]
        $0.operations = [.chatCompletions]
    }
}
