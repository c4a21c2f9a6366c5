import Accounting
import Domain
import Testing

/// The rules by which a row is found, on tables small enough to see them.
@Suite struct PriceLookUpTests {
    /// A table of rows whose price is the row's name, so that a test can tell which one was found.
    private func table(_ rows: [(name: String, provider: String)]) -> PriceTable {
        let sorted = rows.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        return PriceTable(
            lines: sorted.map { "\($0.name)\t\($0.provider)\tmode=\"chat\"\tfound=\($0.name)\n" }.joined()
        )
    }

    private func found(_ table: PriceTable, _ provider: String, _ model: String) -> String? {
        table.facts(provider: provider, model: model)?.fields.first { $0.name == "found" }?.json
    }

    @Test func prefersTheNameWithItsProvider() {
        let table = self.table([("m", "openai"), ("openai/m", "openai")])
        #expect(self.found(table, "openai", "m") == "openai/m")
    }

    @Test func takesABareNameOnlyFromItsProvider() {
        let table = self.table([("m", "openai")])
        #expect(self.found(table, "openai", "m") == "m")
        #expect(self.found(table, "azure", "m") == nil)
    }

    @Test(arguments: [
        ("bedrock", "us.anthropic.claude", "anthropic.claude"),
        ("bedrock", "global.anthropic.claude", "anthropic.claude"),
        ("bedrock", "us-east-1/anthropic.claude", "anthropic.claude"),
        ("bedrock", "us-gov-west-1/anthropic.claude", "anthropic.claude"),
        ("azure", "eu/gpt", "azure/gpt"),
        ("azure", "eu/gpt-2030-01-02", "azure/gpt"),
        ("vertex_ai", "sonnet@20300102", "vertex_ai/sonnet"),
        ("vertex_ai", "sonnet@default", "vertex_ai/sonnet"),
        ("anthropic", "opus-20300102", "opus"),
        ("anthropic", "opus-latest", "opus"),
        ("ollama", "llama:latest", "ollama/llama"),
    ])
    func leavesOutRegionAndVersion(_ provider: String, _ model: String, _ row: String) {
        let table = self.table([
            ("anthropic.claude", "bedrock_converse"), ("azure/gpt", "azure"), ("ollama/llama", "ollama"),
            ("opus", "anthropic"), ("vertex_ai/sonnet", "vertex_ai-anthropic_models"),
        ])
        #expect(self.found(table, provider, model) == row)
    }

    @Test(arguments: [
        "opus-2030", "opus-203001021", "opus-2030-1-2", "opus-x", "opus.", "us.", "@", ":latest", "-latest",
    ])
    func leavesOutNothingElse(_ model: String) {
        #expect(self.found(self.table([("opus", "anthropic"), ("", "anthropic")]), "anthropic", model) == nil)
    }

    @Test func prefersTheExactEdition() {
        let table = self.table([("opus", "anthropic"), ("opus-20300102", "anthropic")])
        #expect(self.found(table, "anthropic", "opus-20300102") == "opus-20300102")
    }

    @Test(arguments: [
        ("vertex_ai-language-models", "vertex_ai"), ("vertex_ai-anthropic_models", "vertex_ai"),
        ("text-completion-openai", "openai"), ("cohere_chat", "cohere"), ("bedrock_converse", "bedrock"),
        ("azure_text", "azure"), ("fireworks_ai-embedding-models", "fireworks_ai"), ("groq", "groq"),
    ])
    func callsProvidersByOneName(_ spelling: String, _ name: String) {
        let table = self.table([("m", spelling)])
        #expect(table.provider(ofBareModel: "m") == name)
        #expect(self.found(table, name, "m") == "m")
        #expect(table.models(of: name) == ["m"])
    }

    @Test func findsEveryRowAndNothingBetween() {
        let names = (0..<257).map { "m" + String($0 * 7 % 257) + String(repeating: "x", count: $0 % 5) }
        let table = self.table(names.map { ($0, "openai") })
        for name in names {
            #expect(self.found(table, "openai", name) == name)
            #expect(self.found(table, "openai", name + "!") == nil)
            #expect(self.found(table, "openai", String(name.dropLast()) + "!") == nil)
        }
        #expect(self.found(table, "openai", "a") == nil)
        #expect(self.found(table, "openai", "z") == nil)
        #expect(table.count == 257)
    }

    @Test func givesAnEmptyTableNoFacts() {
        let table = PriceTable(lines: "")
        #expect(table.facts(provider: "openai", model: "m") == nil)
        #expect(table.models(of: "openai").isEmpty)
        #expect(table.count == 0)
    }

    @Test func readsARowsFieldsInTheirOrder() throws {
        let line = "m\topenai\tmode=\"chat\"\tmax_tokens=10\tinput_cost_per_token=1e-06\ttiered_pricing=[{\"a\":\"=\"}]"
        let facts = try #require(PriceTable(lines: line).facts(provider: "openai", model: "m"))
        #expect(facts.fields.map(\.name) == ["mode", "max_tokens", "input_cost_per_token", "tiered_pricing"])
        #expect(facts.fields.map(\.json) == ["\"chat\"", "10", "1e-06", #"[{"a":"="}]"#])
        #expect(facts.capabilities.maximumOutput == 10)
    }

    @Test(arguments: [("8192", 8192), ("8192.0", 8192), ("1e6", 1_000_000), ("0.5", nil), ("-1", nil), ("null", nil)])
    func readsLimitsLeniently(_ json: String, _ limit: Int?) {
        #expect(ModelCapabilities(fields: [("max_output_tokens", json)]).maximumOutput == limit)
    }

    @Test func tellsFalseFromUnknown() {
        let known = ModelCapabilities(fields: [("supports_sampling_params", "false"), ("supports_vision", "null")])
        #expect(known.samplingParameters == false)
        #expect(known.vision == nil)
    }
}
