import Domain
import Providers
import Testing

@Suite struct ProviderCatalogTests {
    @Test(arguments: [
        ("openai/gpt-4o", "openai", "gpt-4o"), ("gpt-4o", "openai", "gpt-4o"), ("gpt-7", "openai", "gpt-7"),
        ("o1", "openai", "o1"), ("o3-mini", "openai", "o3-mini"),
        ("o4-mini-2025-04-16", "openai", "o4-mini-2025-04-16"),
        ("chatgpt-4o-latest", "openai", "chatgpt-4o-latest"), ("ft:gpt-4o:org::1", "openai", "ft:gpt-4o:org::1"),
        ("text-embedding-3-small", "openai", "text-embedding-3-small"), ("davinci-002", "openai", "davinci-002"),
        ("gpt-3.5-turbo-instruct", "openai", "gpt-3.5-turbo-instruct"),
        ("text-completion-openai/davinci-002", "openai", "davinci-002"),
        ("claude-3-opus-20240229", "anthropic", "claude-3-opus-20240229"),
        ("anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
        ("gemini-9-pro", "gemini", "gemini-9-pro"), ("codestral-latest", "mistral", "codestral-latest"),
        ("mistral-large-latest", "mistral", "mistral-large-latest"), ("deepseek-chat", "deepseek", "deepseek-chat"),
        ("grok-4", "xai", "grok-4"),
        ("openrouter/anthropic/claude-3", "openrouter", "anthropic/claude-3"),
        ("together_ai/meta-llama/Llama-3", "together_ai", "meta-llama/Llama-3"),
        ("openai/*", "openai", "*"), ("*", "openai", "*"), ("vllm/x", "hosted_vllm", "x"),
        ("custom_openai/x", "openai_like", "x"), ("mock/hello", "mock", "hello"),
    ])
    func resolves(_ model: String, to provider: String, _ rest: String) {
        #expect(
            TestCall.catalog.resolve(model: model, customProvider: nil) == .resolved(provider: provider, model: rest)
        )
    }

    @Test func givenProviderWins() {
        let catalog = TestCall.catalog
        #expect(
            catalog.resolve(model: "gpt-4o", customProvider: "groq") == .resolved(provider: "groq", model: "gpt-4o")
        )
        #expect(
            catalog.resolve(model: "openai/gpt-oss", customProvider: "groq")
                == .resolved(provider: "groq", model: "openai/gpt-oss")
        )
        #expect(
            catalog.resolve(model: "groq/llama", customProvider: "groq") == .resolved(provider: "groq", model: "llama")
        )
        #expect(
            catalog.resolve(model: "x", customProvider: "grok") == .unknownProvider("grok", nearest: ["groq"])
        )
    }

    @Test func tellsUnsupportedFromUnknown() {
        let catalog = TestCall.catalog
        #expect(catalog.resolve(model: "bedrock/x", customProvider: nil) == .unsupported(provider: "bedrock"))
        #expect(catalog.resolve(model: "azure/x", customProvider: nil) == .unsupported(provider: "azure"))
        #expect(catalog.resolve(model: "gemini-2.5-pro", customProvider: nil) == .unsupported(provider: "vertex_ai"))
        #expect(
            catalog.resolve(model: "amazon.nova-pro-v1:0", customProvider: nil) == .unsupported(provider: "bedrock")
        )
        #expect(catalog.resolve(model: "command-r", customProvider: nil) == .unsupported(provider: "cohere"))
        #expect(catalog.resolve(model: "opus", customProvider: nil) == .unknownModel("opus"))
        #expect(catalog.resolve(model: "", customProvider: nil) == .unknownModel(""))
        guard case .unknownProvider("opnai", let nearest) = catalog.resolve(model: "opnai/gpt-4o", customProvider: nil)
        else {
            Issue.record("opnai is a provider")
            return
        }
        #expect(nearest.first == "openai")
    }

    @Test func namesAreSortedUniqueAndFound() {
        let catalog = TestCall.catalog
        #expect(catalog.prefixes == catalog.prefixes.sorted())
        #expect(Set(catalog.prefixes).count == catalog.prefixes.count)
        let names = catalog.all.flatMap { [$0.descriptor.name] + $0.descriptor.aliases }
        #expect(names.sorted() == catalog.prefixes)
        for name in names { #expect(catalog.provider(named: name) != nil) }
    }

    @Test func basesHaveASchemeAndNoSlashAtTheEnd() {
        for provider in TestCall.catalog.all {
            guard let base = provider.descriptor.defaultBase else { continue }
            #expect(base.hasPrefix("https://") || base.hasPrefix("http://"))
            #expect(!base.hasSuffix("/"))
        }
    }

    @Test(arguments: [
        ("anthropic", "/v1", ""), ("anthropic", "/proxy/v1", "/proxy"), ("anthropic", "", ""),
        ("ollama", "", "/v1"), ("ollama", "/v1", "/v1"), ("gemini", "", "/v1beta/openai"), ("openai", "/v1", "/v1"),
        ("openai", "", ""),
    ])
    func bringsBasePathsIntoForm(_ provider: String, _ path: String, _ expected: String) throws {
        #expect(try #require(TestCall.catalog.provider(named: provider)).normalizedBasePath(path) == expected)
    }

    @Test func sendsKeysInTheVendorsHeaders() throws {
        let anthropic = try #require(TestCall.catalog.provider(named: "anthropic"))
        let plain = anthropic.headers(apiKey: Secret("sk-ant-api"), options: ProviderOptions())
        #expect(plain.contains { $0.name == "x-api-key" && $0.value == "sk-ant-api" })
        #expect(plain.contains { $0.name == "anthropic-version" && $0.value == "2023-06-01" })
        let token = anthropic.headers(apiKey: Secret("sk-ant-oat-1"), options: ProviderOptions())
        #expect(token.contains { $0.name == "authorization" && $0.value == "Bearer sk-ant-oat-1" })
        #expect(!token.contains { $0.name == "x-api-key" })
        let openAI = try #require(TestCall.catalog.provider(named: "openai"))
        let headers = openAI.headers(apiKey: Secret("k"), options: ProviderOptions(organization: "org"))
        #expect(headers.map(\.name) == ["authorization", "openai-organization"])
        #expect(openAI.headers(apiKey: nil, options: ProviderOptions()).isEmpty)
    }

    @Test func offersWhatTheVendorOffers() throws {
        let anthropic = try #require(TestCall.catalog.provider(named: "anthropic"))
        #expect(anthropic.path(for: .chatCompletions) == "/v1/messages")
        #expect(anthropic.path(for: .embeddings) == nil)
        #expect(anthropic.translator(for: .embeddings) == nil)
        for provider in TestCall.catalog.all where provider.descriptor.name != MockProvider.name {
            for operation in Operation.allCases {
                #expect((provider.path(for: operation) == nil) == (provider.translator(for: operation) == nil))
            }
        }
    }
}
