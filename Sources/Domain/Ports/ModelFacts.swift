/// What is known about models apart from any deployment: whose they are, what they can do, what they cost.
package protocol ModelFacts: Sendable {
    /// The facts about `model` at `provider` (a provider's name as in ``ProviderDescriptor/name``), or nil if unknown.
    func facts(provider: String, model: String) -> ModelEntryFacts?

    /// Whose a bare model name (no prefix) is, by the table alone.
    func provider(ofBareModel model: String) -> String?

    /// The chat, completion and embedding models of a provider, sorted: what a wildcard offers.
    func models(of provider: String) -> [String]
}

/// One model's row.
package struct ModelEntryFacts: Sendable, Equatable {
    package var capabilities: ModelCapabilities
    /// Prices and limits as the table spells them, by its field names (`input_cost_per_token`, ...), in its order;
    /// numbers and booleans are JSON text.
    package var fields: [(name: String, json: String)]

    package init(capabilities: ModelCapabilities, fields: [(name: String, json: String)]) {
        self.capabilities = capabilities
        self.fields = fields
    }

    package static func == (a: ModelEntryFacts, b: ModelEntryFacts) -> Bool {
        a.capabilities == b.capabilities && a.fields.elementsEqual(b.fields) { $0 == $1 }
    }
}
