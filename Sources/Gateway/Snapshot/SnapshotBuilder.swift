package import Accounting
package import Domain
import Policies
package import Providers
import Routing
package import Settings

/// Builds the snapshot of a configuration, off the hot path.
package struct SnapshotBuilder {
    private let catalog: ProviderCatalog
    private let facts: any ModelFacts
    private let environment: [String: String]
    private let prices: PriceBook

    package init(
        catalog: ProviderCatalog,
        facts: any ModelFacts,
        environment: [String: String],
        prices: PriceBook = PriceBook()
    ) {
        self.prices = prices
        self.catalog = catalog
        self.facts = facts
        self.environment = environment
    }

    /// - Returns: the snapshot, and what an operator should know although it works.
    /// - Throws: `SnapshotProblem` for the first entry that cannot be served.
    package func build(
        _ configuration: Configuration,
        version: Int
    ) throws(SnapshotProblem) -> (snapshot: Snapshot, notes: [String]) {
        var environment = self.environment
        for variable in configuration.environment { environment[variable.name] = variable.value.reveal() }
        let builder = DeploymentBuilder(
            configuration: configuration,
            catalog: self.catalog,
            facts: self.facts,
            environment: environment,
            prices: self.prices
        )
        var prepared: [PreparedDeployment] = []
        var ids: [String: Int] = [:]
        var notes: [String] = []
        for entry in configuration.models {
            let id = builder.id(of: entry)
            let count = ids[id, default: 0]
            ids[id] = count + 1
            prepared.append(
                try builder.build(entry, index: prepared.count, id: count == 0 ? id : "\(id)-\(count + 1)")
            )
            if builder.lacksKey(entry) { notes.append(self.noKey(entry)) }
        }
        let models = ModelTable(
            deployments: prepared.map(\.deployment),
            aliases: Self.aliases(configuration)
        )
        let snapshot = Snapshot(
            version: version,
            models: models,
            authentication: Authentication(
                masterKey: configuration.general.masterKey,
                declaresUsers: !configuration.users.isEmpty
            ),
            directory: Directory(),
            settings: Self.requestSettings(configuration),
            prepared: prepared,
            facts: self.facts
        )
        return (snapshot, notes)
    }

    private func noKey(_ entry: ModelEntry) -> String {
        let variables = self.catalog.provider(named: entry.provider)?.descriptor.keyVariables ?? []
        let hint = variables.isEmpty ? "" : " and \(variables.joined(separator: ", ")) is not set"
        return "model '\(entry.modelName)' has no api_key\(hint): \(entry.provider) will refuse its requests"
    }

    private static func aliases(_ configuration: Configuration) -> [Routing.ModelAlias] {
        configuration.library.modelAliases.map { Routing.ModelAlias(name: $0.alias, target: $0.model, isHidden: false) }
            + configuration.router.groupAliases.map {
                Routing.ModelAlias(name: $0.alias, target: $0.group, isHidden: $0.isHidden)
            }
    }

    private static func requestSettings(_ configuration: Configuration) -> RequestSettings {
        var settings = RequestSettings()
        settings.keyHeader = configuration.general.keyHeaderName
        settings.endUserHeader = configuration.general.userHeaderName
        settings.defaultModel = configuration.general.completionModel
        if let limit = configuration.general.maxResponseSizeMB { settings.maximumAnswer = limit << 20 }
        settings.maximumDepth = configuration.server.maxJSONDepth
        settings.pingInterval = configuration.library.ssePingInterval ?? configuration.server.streamPingInterval
        settings.includesCallIDInErrors = configuration.general.includesCallIDInErrorBody
        settings.alwaysIncludesStreamUsage = configuration.general.alwaysIncludesStreamUsage
        let cors = configuration.server.cors
        settings.cors.isEnabled = cors.isEnabled
        settings.cors.allowedOrigins = cors.allowOrigins
        settings.cors.allowedHeaders = cors.allowHeaders
        settings.cors.exposedHeaders = cors.exposeHeaders
        settings.cors.maximumAge = cors.maxAge
        settings.cors.allowsCredentials = cors.allowCredentials
        return settings
    }
}
