import Domain
import Providers
import Settings

/// The models that are offered because their providers' keys stand in the environment.
struct EnvironmentModels {
    private let catalog: Catalog

    init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// `provider/*` for each such provider, where the file has no models of its own or asks for these.
    func entries(for configuration: Configuration) -> [ModelEntry] {
        guard !configuration.declaresModels || configuration.server.offersEnvironment else { return [] }
        return self.catalog.providers.all.compactMap { provider in
            let descriptor = provider.descriptor
            let hasKey = descriptor.keyVariables.contains { !(self.catalog.environment[$0] ?? "").isEmpty }
            guard hasKey, descriptor.defaultBase != nil else { return nil }
            var parameters = DeploymentParameters()
            parameters.model = "\(descriptor.name)/*"
            return ModelEntry(
                modelName: "\(descriptor.name)/*",
                provider: descriptor.name,
                upstreamModel: "*",
                parameters: parameters,
                info: ModelInfo(),
                position: .whole("the environment")
            )
        }
    }
}
