package import Domain

/// OpenAI's own API, the format all the others are brought to.
///
/// Source: OpenAI API reference, "Chat", "Completions", "Embeddings".
package struct OpenAIProvider: Provider {
    package let descriptor = ProviderDescriptor(
        name: "openai",
        aliases: ["text-completion-openai"],
        displayName: "OpenAI",
        defaultBase: "https://api.openai.com/v1",
        baseVariables: ["OPENAI_BASE_URL", "OPENAI_API_BASE"],
        keyVariables: ["OPENAI_API_KEY"]
    )

    package init() {}

    package func path(for operation: Operation) -> String? {
        operation.path
    }

    package func headers(apiKey: Secret<String>?, options: ProviderOptions) -> [(name: String, value: String)] {
        var headers = BearerToken.headers(apiKey)
        if let organization = options.organization, !organization.isEmpty {
            headers.append((name: "openai-organization", value: organization))
        }
        return headers
    }

    package func translator(for operation: Operation) -> (any CallTranslator)? {
        OpenAITranslator(operation: operation, format: .openAI)
    }
}

/// The header most vendors take their key in.
enum BearerToken {
    static func headers(_ key: Secret<String>?) -> [(name: String, value: String)] {
        guard let key, !key.reveal().isEmpty else { return [] }
        return [(name: "authorization", value: "Bearer \(key.reveal())")]
    }
}

extension OpenAIFormat {
    /// OpenAI as it is documented.
    static let openAI = OpenAIFormat(
        displayName: "OpenAI",
        rules: RequestRules(
            strippedMessageMembers: [
                "cache_control", "thinking_blocks", "reasoning_content", "provider_specific_fields",
            ],
            ownHost: "api.openai.com",
            reasoningModelsTakeCompletionLimit: true
        )
    )
}
