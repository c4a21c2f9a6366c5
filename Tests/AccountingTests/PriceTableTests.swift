import Accounting
import Domain
import Testing

/// The table the program carries: the rows people rely on, and that every row can be read.
@Suite struct BundledPriceTableTests {
    private let table = PriceTable.bundled

    private func price(_ field: String, _ provider: String, _ model: String) -> String? {
        self.table.facts(provider: provider, model: model)?.fields.first { $0.name == field }?.json
    }

    @Test(arguments: [
        ("openai", "gpt-4o", "input_cost_per_token", "2.5e-06"),
        ("openai", "gpt-5", "cache_read_input_token_cost", "1.25e-07"),
        ("anthropic", "claude-sonnet-4-5", "cache_creation_input_token_cost", "3.75e-06"),
        ("anthropic", "claude-sonnet-4-5", "cache_creation_input_token_cost_above_1hr", "6e-06"),
        ("gemini", "gemini-2.5-pro", "input_cost_per_token_above_200k_tokens", "2.5e-06"),
        ("gemini", "gemini-2.5-pro", "output_cost_per_token", "1e-05"),
    ])
    func keepsAPriceAsItIsSpelled(_ provider: String, _ model: String, _ field: String, _ spelling: String) {
        #expect(self.price(field, provider, model) == spelling)
    }

    @Test func knowsLimitsAndAbilities() throws {
        let known = try #require(self.table.facts(provider: "anthropic", model: "claude-sonnet-4-5")).capabilities
        #expect(known.mode == "chat")
        #expect(known.maximumInput == 200_000)
        #expect(known.maximumOutput == 64_000)
        #expect(known.functionCalling == true)
        #expect(known.vision == true)
        #expect(known.reasoning == true)
        #expect(known.responseSchema == true)
        #expect(known.nativeStructuredOutput == true)
        #expect(known.assistantPrefill == true)
        #expect(known.promptCaching == true)
    }

    @Test func leavesUnknownWhatTheTableDoesNotSay() throws {
        let known = try #require(self.table.facts(provider: "openai", model: "gpt-4o")).capabilities
        #expect(known.samplingParameters == nil)
        #expect(known.adaptiveThinking == nil)
    }

    @Test func hasNoFactsAboutWhatItDoesNotKnow() {
        #expect(self.table.facts(provider: "openai", model: "gpt-none") == nil)
        #expect(self.table.facts(provider: "openai", model: "") == nil)
        #expect(self.table.facts(provider: "openai", model: "*") == nil)
        #expect(self.table.facts(provider: "", model: "") == nil)
        #expect(self.table.facts(provider: "anthropic", model: "gpt-4o") == nil)
    }

    @Test func saysWhoseABareNameIs() {
        #expect(self.table.provider(ofBareModel: "gpt-4o") == "openai")
        #expect(self.table.provider(ofBareModel: "claude-sonnet-4-5") == "anthropic")
        #expect(self.table.provider(ofBareModel: "text-embedding-3-small") == "openai")
        #expect(self.table.provider(ofBareModel: "gpt-3.5-turbo-instruct") == "openai")
        #expect(self.table.provider(ofBareModel: "no-such-model") == nil)
    }

    @Test(arguments: ["openai", "anthropic", "gemini", "mistral", "groq", "azure", "bedrock", "vertex_ai", "cohere"])
    func findsEveryModelThatItLists(_ provider: String) {
        let models = self.table.models(of: provider)
        #expect(!models.isEmpty)
        #expect(models == Set(models).sorted())
        for model in models {
            #expect(self.table.facts(provider: provider, model: model) != nil, "\(model)")
        }
    }

    @Test func listsModelsOfTextWithoutTheirPrefix() {
        let gemini = self.table.models(of: "gemini")
        #expect(gemini.contains("gemini-2.5-pro"))
        #expect(!gemini.contains { $0.hasPrefix("gemini/") })
        #expect(self.table.models(of: "openai").contains("text-embedding-3-small"))
        #expect(!self.table.models(of: "openai").contains("whisper-1"))
        #expect(self.table.models(of: "no-such-provider").isEmpty)
    }

    @Test func isWhole() {
        #expect(self.table.count > 4000)
    }

    /// What is dear is a copy of the table or a row for every line; the bound is loose enough for a debug build.
    @Test func startsWithoutReadingTheTable() {
        let spent = ContinuousClock().measure { _ = self.table.facts(provider: "openai", model: "gpt-4o") }
        #expect(spent < .milliseconds(20))
    }
}
