import Domain

extension CompatibleVendor {
    /// Google's models by their OpenAI surface.
    ///
    /// Source: Gemini API, "OpenAI compatibility". Deltas of tool calls may lack their index.
    static let gemini = CompatibleVendor(
        "gemini",
        "Gemini",
        base: "https://generativelanguage.googleapis.com/v1beta/openai",
        keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        rules: RequestRules.cleaned.with { $0.refused = ["logit_bias"] },
        repairs: AnswerRepairs(completesToolCalls: true)
    ).with {
        $0.baseVariables = ["GEMINI_API_BASE"]
        $0.versionPath = "/v1beta/openai"
        $0.operations = [.chatCompletions, .embeddings]
    }
}
