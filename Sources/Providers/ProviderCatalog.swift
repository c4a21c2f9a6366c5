package import Domain

/// Every provider this version speaks to, and whose a model name is.
///
/// Source of the rules: litellm.md, section 1.3 ("Provider resolution"). A provider is added by one line in
/// ``ProviderCatalog/init(models:)``.
package struct ProviderCatalog: ProviderDirectory, Sendable {
    /// In the order of the documentation: vendors with formats of their own, then the family of OpenAI's format.
    package let all: [any Provider]
    package let prefixes: [String]
    /// By name and by alias.
    private let byName: [String: any Provider]
    private let models: any ModelFacts

    package init(models: any ModelFacts) {
        let all: [any Provider] =
            [OpenAIProvider(), AnthropicProvider(), MockProvider()]
            + CompatibleVendor.all.map { CompatibleProvider(vendor: $0) }
        var byName: [String: any Provider] = [:]
        for provider in all {
            byName[provider.descriptor.name] = provider
            for alias in provider.descriptor.aliases { byName[alias] = provider }
        }
        self.all = all
        self.byName = byName
        self.prefixes = byName.keys.sorted()
        self.models = models
    }

    /// The provider of that name or alias.
    package func provider(named name: String) -> (any Provider)? {
        self.byName[name]
    }

    package func resolve(model: String, customProvider: String?) -> ModelResolution {
        if let customProvider, !customProvider.isEmpty {
            let prefix = customProvider + "/"
            let rest = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
            return self.resolve(provider: customProvider, model: rest)
        }
        if let slash = model.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let rest = model[model.index(after: slash)...]
            return self.resolve(provider: String(model[..<slash]), model: String(rest))
        }
        return self.resolve(bareModel: model)
    }

    private func resolve(provider name: String, model: String) -> ModelResolution {
        if let provider = self.byName[name] {
            return .resolved(provider: provider.descriptor.name, model: model)
        }
        if UnspokenProviders.contains(name) { return .unsupported(provider: name) }
        return .unknownProvider(name, nearest: NearNames.nearest(to: name, in: self.prefixes))
    }

    private func resolve(bareModel model: String) -> ModelResolution {
        guard model != "*" else { return .resolved(provider: "openai", model: model) }
        let owner = self.models.provider(ofBareModel: model) ?? BareModelRules.provider(of: model)
        guard let owner else { return .unknownModel(model) }
        guard let provider = self.byName[owner] else { return .unsupported(provider: owner) }
        return .resolved(provider: provider.descriptor.name, model: model)
    }
}
