extension CompatibleVendor {
    /// Source: xAI API reference, "Chat completions"; which models refuse what is LiteLLM's knowledge.
    static let xAI = CompatibleVendor(
        "xai",
        "xAI",
        base: "https://api.x.ai/v1",
        keys: ["XAI_API_KEY"],
        rules: RequestRules.cleaned.with {
            $0.refused = [
                RefusedParameter("stop", models: ["grok-3-mini", "grok-4", "grok-code"]),
                RefusedParameter("frequency_penalty", models: ["grok-4", "grok-code"]),
                RefusedParameter("presence_penalty", models: ["grok-4", "grok-code"]),
            ]
            $0.namedRoles = ["user"]
            $0.stripsStrict = true
        },
        repairs: AnswerRepairs(fillsEmptyFinish: true, reasoningIsApart: true)
    ).with { $0.baseVariables = ["XAI_API_BASE"] }
}
