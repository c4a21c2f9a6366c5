package import Domain

/// A provider that answers by itself, for trying the gateway without an account anywhere.
///
/// It has no translator: the gateway asks ``MockAnswer`` for its answers.
package struct MockProvider: Provider {
    package static let name = "mock"

    package let descriptor = ProviderDescriptor(
        name: MockProvider.name,
        displayName: "Martlet's built-in mock",
        defaultBase: nil,
        needsKey: false
    )

    package init() {}

    package func path(for operation: Operation) -> String? { operation.path }

    package func headers(apiKey: Secret<String>?, options: ProviderOptions) -> [(name: String, value: String)] { [] }

    package func translator(for operation: Operation) -> (any CallTranslator)? { nil }
}
