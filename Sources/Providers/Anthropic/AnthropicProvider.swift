package import Domain

/// Anthropic's Messages API.
///
/// Source: Anthropic API reference, "Messages"; "Authentication".
package struct AnthropicProvider: Provider {
    package let descriptor = ProviderDescriptor(
        name: "anthropic",
        displayName: "Anthropic",
        defaultBase: "https://api.anthropic.com",
        baseVariables: ["ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"],
        keyVariables: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"]
    )

    package init() {}

    package func path(for operation: Operation) -> String? {
        switch operation {
        case .chatCompletions, .completions: "/v1/messages"
        case .embeddings: nil
        }
    }

    /// A base that ends in `/v1` is one written for OpenAI's clients; the version stands in our path already.
    package func normalizedBasePath(_ path: String) -> String {
        path.hasSuffix("/v1") ? String(path.dropLast(3)) : path
    }

    package func headers(apiKey: Secret<String>?, options: ProviderOptions) -> [(name: String, value: String)] {
        var headers = [(name: "anthropic-version", value: options.apiVersion ?? "2023-06-01")]
        guard let key = apiKey?.reveal(), !key.isEmpty else { return headers }
        if key.hasPrefix("sk-ant-oat") {
            headers.append((name: "authorization", value: "Bearer \(key)"))
            headers.append((name: "anthropic-beta", value: "oauth-2025-04-20"))
        } else {
            headers.append((name: "x-api-key", value: key))
        }
        return headers
    }

    package func translator(for operation: Operation) -> (any CallTranslator)? {
        self.path(for: operation) == nil ? nil : AnthropicChatTranslator(operation: operation)
    }
}
