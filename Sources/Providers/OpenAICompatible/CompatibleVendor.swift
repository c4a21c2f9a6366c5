import Domain

/// All there is to know of a vendor that speaks OpenAI's format.
///
/// Sources: the vendors' API references as collected in provider-formats.md, section 9. A vendor without an entry for a
/// quirk is taken to obey OpenAI's format there.
struct CompatibleVendor: Sendable {
    /// The name before the slash.
    var name: String
    var aliases: [String] = []
    /// Nil where every customer has an address of their own.
    var base: String?
    var keyVariables: [String] = []
    var baseVariables: [String] = []
    var needsKey = true
    /// The path the API stands at on its host, added where a configured base leaves it out (`http://localhost:11434`).
    var versionPath: String?
    /// A second header that takes the key, beside `authorization`.
    var keyHeader: String?
    /// The header the deployment's `organization` goes into.
    var organizationHeader: String?
    /// Headers sent with every request.
    var headers: [(name: String, value: String)] = []
    var operations: [Operation] = [.chatCompletions, .completions, .embeddings]
    var format: OpenAIFormat

    init(
        _ name: String,
        _ displayName: String,
        base: String?,
        keys: [String] = [],
        rules: RequestRules = .cleaned,
        repairs: AnswerRepairs = AnswerRepairs()
    ) {
        self.name = name
        self.base = base
        self.keyVariables = keys
        self.format = OpenAIFormat(displayName: displayName, rules: rules, repairs: repairs)
    }

    /// Every vendor of the family, in the order of the documentation.
    static let all: [CompatibleVendor] =
        [.groq, .mistral, .codestral, .gemini, .deepSeek, .xAI, .togetherAI, .fireworks, .openRouter, .perplexity]
        + hosted + plain + servers
}

extension RequestRules {
    /// What every relative of OpenAI needs: its latest parameters left out, and other vendors' members of messages.
    static let cleaned = RequestRules(
        hints: [
            "store", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
            "prompt_cache_options", "verbosity", "service_tier", "moderation",
        ],
        renamed: [(from: "max_completion_tokens", to: "max_tokens")],
        developerIsSystem: true,
        strippedMessageMembers: ["cache_control", "thinking_blocks", "provider_specific_fields", "annotations"],
        stripsNulls: true
    )

    /// These rules with what `change` makes of them.
    func with(_ change: (inout RequestRules) -> Void) -> RequestRules {
        var rules = self
        change(&rules)
        return rules
    }
}

extension CompatibleVendor {
    /// This vendor with what `change` makes of it.
    func with(_ change: (inout CompatibleVendor) -> Void) -> CompatibleVendor {
        var vendor = self
        change(&vendor)
        return vendor
    }
}
