internal import Domain

extension MappingReader {
    /// LiteLLM's `provider_budget_config`: provider to `{budget_limit: 1.0, time_period: 1d}`.
    ///
    /// LiteLLM's own names for the two, `max_budget` and `budget_duration`, are taken as well.
    mutating func providerBudgets(_ key: String) -> [ProviderBudget] {
        guard var nested = self.mapping(key) else { return [] }
        var budgets: [ProviderBudget] = []
        for member in nested.members where !member.key.hasPrefix("x-") {
            guard var entry = nested.mapping(member.key) else { continue }
            let limit = entry.money("budget_limit", or: "max_budget")
            let period = entry.period("time_period", or: "budget_duration")
            entry.finish(.providerBudget)
            guard let provider = nested.provider(member), let limit, let period else { continue }
            if budgets.contains(where: { $0.provider == provider }) {
                nested.error(member.key, "the provider '\(provider)' has a budget already, under another name")
            }
            budgets.append(ProviderBudget(provider: provider, limit: limit, period: period))
        }
        return budgets
    }

    private mutating func money(_ key: String, or other: String) -> NanoDollars? {
        if !self.has(other) { self.require(key) }
        let second = self.money(other)
        return self.money(key) ?? second
    }

    private mutating func period(_ key: String, or other: String) -> BudgetPeriod? {
        if !self.has(other) { self.require(key) }
        let second = self.budgetPeriod(other)
        return self.budgetPeriod(key) ?? second
    }

    /// The directory's name of the provider that a member's key names.
    private func provider(_ member: YAMLMember) -> String? {
        // Any model will do: the provider is named outright.
        switch self.context.providers.resolve(model: "*", customProvider: member.key) {
        case .resolved(let provider, _): return provider
        case .unsupported(let provider):
            self.warning(member.key, "LiteLLM knows the provider '\(provider)'; Martlet calls none of its models")
            return nil
        case .unknownProvider(let name, let nearest):
            let suggestion = nearest.first.map { "did you mean '\($0)'?" }
            self.error(member.key, "unknown provider '\(Found.shortened(name))'", suggestion: suggestion)
            return nil
        case .unknownModel:
            self.error(member.key, "unknown provider '\(Found.shortened(member.key))'")
            return nil
        }
    }
}
