/// Which of a provider's speeds a call is served at; each may have prices of its own.
///
/// Source: OpenAI API reference, `service_tier`; Anthropic API reference, "Service tiers"; the endings of LiteLLM's
/// price fields.
package enum ServiceTier: String, Sendable, Hashable, Codable, CaseIterable {
    case standard
    case flex
    case priority
    case batch
    case ultrafast
    case balanced
    case decisions

    /// The tier that a provider or a client means by `name`; nil where it leaves the choice open or means none of ours.
    package init?(wireName name: some StringProtocol) {
        switch name {
        case "default", "standard", "standard_only", "scale": self = .standard
        case "flex": self = .flex
        case "priority", "fast": self = .priority
        case "batch", "batches": self = .batch
        case "ultrafast": self = .ultrafast
        case "balanced": self = .balanced
        case "decisions": self = .decisions
        default: return nil
        }
    }

    /// How names of price fields end that are for this tier; nil for the tier that needs no ending.
    package var priceSuffix: String? {
        switch self {
        case .standard: nil
        case .batch: "_batches"
        case .flex, .priority, .ultrafast, .balanced, .decisions: "_" + self.rawValue
        }
    }
}
