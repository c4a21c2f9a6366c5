/// Providers' names as price tables spell them.
enum PriceProviders {
    /// The name the provider has before the slash of `provider/model`.
    ///
    /// The table tells some providers' kinds of models apart: `vertex_ai-language-models`, `text-completion-openai`,
    /// `cohere_chat`.
    static func normalized(_ name: String) -> String {
        switch name {
        case "cohere_chat": return "cohere"
        case "azure_text": return "azure"
        case "bedrock_converse": return "bedrock"
        default: break
        }
        for family in ["vertex_ai", "fireworks_ai"] where name.hasPrefix("\(family)-") { return family }
        let completion = "text-completion-"
        return name.hasPrefix(completion) ? String(name.dropFirst(completion.count)) : name
    }
}
