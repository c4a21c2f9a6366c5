import Domain

extension CompatibleVendor {
    /// `reasoning_content` is left in messages: in a tool loop it must be sent back.
    ///
    /// Source: DeepSeek API docs, "Create Chat Completion", "JSON Output" and "Context Caching".
    static let deepSeek = CompatibleVendor(
        "deepseek",
        "DeepSeek",
        base: "https://api.deepseek.com",
        keys: ["DEEPSEEK_API_KEY"],
        rules: RequestRules.cleaned.with {
            $0.joinsText = true
            $0.schemaFormat = .objectOnly
        }
    ).with {
        $0.baseVariables = ["DEEPSEEK_API_BASE"]
        $0.operations = [.chatCompletions, .completions]
    }
}
