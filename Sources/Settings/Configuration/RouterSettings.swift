package import Domain

/// How a deployment is chosen, and what happens when it fails: `router_settings`.
package struct RouterSettings: Sendable, Equatable {
    package var timeout: Duration?
    package var streamTimeout: Duration?
    package var numRetries: Int?
    package var retryAfter: Duration?
    package var allowedFails: Int?
    package var cooldownTime: Duration?
    package var disablesCooldowns = false
    package var strategy: RoutingStrategy = .simpleShuffle
    package var groupAliases: [ModelGroupAlias] = []
    package var enablesPreCallChecks = false
    package var enablesTagFiltering = false
    package var defaultMaxParallelRequests: Int?
    /// Retries by kind of error, for example `TimeoutErrorRetries`.
    package var retryPolicy: [String: Int] = [:]
    package var allowedFailsPolicy: [String: Int] = [:]
    /// In the order of the file, each provider once.
    package var providerBudgets: [ProviderBudget] = []

    package init() {}
}

package enum RoutingStrategy: String, Sendable, Equatable, CaseIterable {
    case simpleShuffle = "simple-shuffle"
    case leastBusy = "least-busy"
    case latencyBased = "latency-based-routing"
    case usageBased = "usage-based-routing"
    case usageBasedV2 = "usage-based-routing-v2"
    case costBased = "cost-based-routing"
    case lar1 = "lar1"
}

/// What may be spent with a provider in each period: an entry of `provider_budget_config`.
package struct ProviderBudget: Sendable, Equatable {
    /// As the provider directory has it.
    package var provider: String
    package var limit: NanoDollars
    package var period: BudgetPeriod

    package init(provider: String, limit: NanoDollars, period: BudgetPeriod) {
        self.provider = provider
        self.limit = limit
        self.period = period
    }
}

/// Another name for a model group; a hidden one is not listed.
package struct ModelGroupAlias: Sendable, Equatable {
    package var alias: String
    package var group: String
    package var isHidden: Bool

    package init(alias: String, group: String, isHidden: Bool) {
        self.alias = alias
        self.group = group
        self.isHidden = isHidden
    }
}

/// Which groups stand in for which, from `fallback_mapping` and from LiteLLM's lists.
package struct FallbackSettings: Sendable, Equatable {
    package var general: [FallbackRule] = []
    package var contextWindow: [FallbackRule] = []
    package var contentPolicy: [FallbackRule] = []
    /// For groups that have no rule of their own.
    package var defaults: [String] = []
    package var maxFallbacks: Int?

    package init() {}

    package var isEmpty: Bool {
        self.general.isEmpty && self.contextWindow.isEmpty && self.contentPolicy.isEmpty && self.defaults.isEmpty
    }
}

package struct FallbackRule: Sendable, Equatable {
    package var group: String
    /// In the order they are tried.
    package var fallbacks: [String]

    package init(group: String, fallbacks: [String]) {
        self.group = group
        self.fallbacks = fallbacks
    }
}
