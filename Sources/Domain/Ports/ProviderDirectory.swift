/// What the configuration needs to know of the providers: which exist and whose a model name is.
package protocol ProviderDirectory: Sendable {
    /// The names that may stand before the first slash of `provider/model`, sorted.
    var prefixes: [String] { get }

    /// Decides whose model `model` is.
    ///
    /// `customProvider` is `litellm_params.custom_llm_provider`, which wins over any prefix.
    func resolve(model: String, customProvider: String?) -> ModelResolution
}

/// The answer to "whose model is this?".
package enum ModelResolution: Sendable, Equatable {
    /// `provider` serves it, and `model` is the name to send there (no prefix; may hold slashes and wildcards).
    case resolved(provider: String, model: String)
    /// The provider is known to exist, but this version has no way to speak to it.
    case unsupported(provider: String)
    /// What was given as the provider (a prefix or `custom_llm_provider`) is no provider's name.
    case unknownProvider(String, nearest: [String])
    /// A bare name that no table and no rule knows.
    case unknownModel(String)
}
