import Accounting
import Crypto
import Domain
import NIOCore
import Providers
import Settings
import WireFormats

/// Makes one entry of `model_list` ready for requests.
struct DeploymentBuilder {
    let configuration: Configuration
    let catalog: ProviderCatalog
    let facts: any ModelFacts
    let environment: [String: String]
    let prices: PriceBook

    /// - Throws: `SnapshotProblem` when the entry cannot be served.
    func build(_ entry: ModelEntry, index: Int, id: String) throws(SnapshotProblem) -> PreparedDeployment {
        guard let provider = self.catalog.provider(named: entry.provider) else {
            throw SnapshotProblem(entry, "the provider '\(entry.provider)' is not known")
        }
        let base = try self.base(entry, provider.descriptor)
        let isMock = entry.parameters.mockResponse != nil || entry.provider == MockProvider.name
        let endpoint = self.endpoint(entry, provider, base)
        let deployment = Deployment(
            index: index,
            id: id,
            group: entry.modelName,
            provider: entry.provider,
            upstreamModel: entry.upstreamModel,
            endpoint: endpoint,
            capabilities: self.capabilities(entry),
            settings: self.settings(entry)
        )
        return PreparedDeployment(
            deployment: deployment,
            providerName: provider.descriptor.displayName,
            answerHeaders: Self.answerHeaders(deployment),
            routes: Operation.allCases.map { self.route($0, provider, endpoint, base) },
            isMock: isMock,
            isRuntime: entry.position.file == RuntimeModels.fileName,
            prices: self.prices(entry, isFree: isMock)
        )
    }

    private func prices(_ entry: ModelEntry, isFree: Bool) -> DeploymentPrices {
        let parameters = entry.parameters
        var own = parameters.otherPrices
        own["input_cost_per_token"] = parameters.inputCostPerToken
        own["output_cost_per_token"] = parameters.outputCostPerToken
        own["cache_read_input_token_cost"] = parameters.cacheReadInputTokenCost
        own["cache_creation_input_token_cost"] = parameters.cacheCreationInputTokenCost
        guard !entry.upstreamModel.contains("*") else {
            return DeploymentPrices(PriceSheets(book: self.prices, provider: entry.provider, ownPrices: own))
        }
        let sheet = self.prices.sheet(
            provider: entry.provider,
            model: entry.upstreamModel,
            baseModel: entry.info.baseModel,
            ownPrices: own,
            maximumInput: entry.info.maxInputTokens,
            maximumOutput: entry.info.maxOutputTokens ?? entry.info.maxTokens
        )
        return DeploymentPrices(sheet, isFree: isFree)
    }

    /// A name for the deployment that is the same after a restart: a digest of what makes the entry what it is.
    func id(of entry: ModelEntry) -> String {
        if let id = entry.info.id { return id }
        var hash = SHA256()
        for part in [
            entry.modelName, entry.provider, entry.upstreamModel, entry.parameters.apiBase ?? "",
            entry.parameters.apiKey?.reveal() ?? "", entry.parameters.organization ?? "",
        ] {
            hash.update(data: Array(part.utf8) + [0])
        }
        return hash.finalize().map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xf, radix: 16)
        }.joined()
    }

    // MARK: Where

    /// The base of deployments that answer by themselves; RFC 6761 keeps the name free for ever.
    private static let nowhere = "http://mock.invalid"

    private func base(_ entry: ModelEntry, _ descriptor: ProviderDescriptor) throws(SnapshotProblem) -> BaseURL {
        let fromEnvironment = descriptor.baseVariables.lazy.compactMap { self.environment[$0] }.first { !$0.isEmpty }
        let given = entry.parameters.apiBase ?? fromEnvironment ?? descriptor.defaultBase
        let isMock = entry.parameters.mockResponse != nil || entry.provider == MockProvider.name
        guard let text = given ?? (isMock ? Self.nowhere : nil) else {
            let variables = descriptor.baseVariables.joined(separator: " or ")
            let hint = variables.isEmpty ? "" : ", or set \(variables)"
            throw SnapshotProblem(entry, "\(descriptor.displayName) has no address of its own: give api_base\(hint)")
        }
        guard let base = BaseURL(text) else {
            throw SnapshotProblem(entry, "the api_base is no http or https URL: '\(text)'")
        }
        return base
    }

    private func endpoint(_ entry: ModelEntry, _ provider: any Provider, _ base: BaseURL) -> Deployment.Endpoint {
        var headers = ByteBuffer()
        let options = ProviderOptions(
            organization: entry.parameters.organization,
            apiVersion: entry.parameters.apiVersion
        )
        var lines = provider.headers(apiKey: self.key(entry, provider.descriptor), options: options)
        lines.append((name: "content-type", value: "application/json"))
        lines.append((name: "user-agent", value: "martlet/\(Martlet.version)"))
        // An entry's own headers win over the provider's.
        for own in entry.parameters.extraHeaders where !Self.framing.contains(own.name.lowercased()) {
            lines.removeAll { $0.name.lowercased() == own.name.lowercased() }
            lines.append((name: own.name, value: own.value.reveal()))
        }
        for line in lines where PlainHeader.isValid(line.name, line.value) {
            headers.writeString("\(line.name): \(line.value)\r\n")
        }
        return Deployment.Endpoint(
            origin: base.origin(self.certificates),
            basePath: provider.normalizedBasePath(base.path),
            displayBase: base.display,
            headers: Secret(headers),
            credentials: self.credentials(entry, provider.descriptor)
        )
    }

    /// What of an entry's headers is secret: the key, and the values of headers that are called like one.
    private func credentials(_ entry: ModelEntry, _ descriptor: ProviderDescriptor) -> [Secret<String>] {
        let signs = ["key", "auth", "token", "secret", "password"]
        let own = entry.parameters.extraHeaders.filter { header in
            signs.contains { header.name.lowercased().contains($0) }
        }
        return [self.key(entry, descriptor)].compactMap { $0 } + own.map(\.value)
    }

    private var certificates: CertificateCheck {
        switch self.configuration.library.tlsVerification {
        case .system: .system
        case .off: .off
        case .certificates(let file): .roots(file: file)
        }
    }

    /// Headers that say how a request is carried, which is not the entry's to say.
    private static let framing = ["host", "content-length", "transfer-encoding", "connection"]

    /// Whether a line made of these cannot become two.
    private func key(_ entry: ModelEntry, _ descriptor: ProviderDescriptor) -> Secret<String>? {
        if let key = entry.parameters.apiKey { return key }
        return descriptor.keyVariables.lazy.compactMap { self.environment[$0] }.first { !$0.isEmpty }.map { Secret($0) }
    }

    /// Whether the entry's provider wants a key and none is to be found.
    func lacksKey(_ entry: ModelEntry) -> Bool {
        guard let descriptor = self.catalog.provider(named: entry.provider)?.descriptor, descriptor.needsKey else {
            return false
        }
        return entry.parameters.mockResponse == nil && self.key(entry, descriptor) == nil
    }

    // MARK: How

    private func route(
        _ operation: Operation,
        _ provider: any Provider,
        _ endpoint: Deployment.Endpoint,
        _ base: BaseURL
    ) -> PreparedRoute? {
        guard let path = provider.path(for: operation), let translator = provider.translator(for: operation) else {
            return nil
        }
        var head = ByteBuffer()
        head.writeString("POST \(endpoint.basePath)\(path)\(base.query) HTTP/1.1\r\n")
        head.writeString("host: \(endpoint.origin.hostHeader)\r\n")
        head.writeImmutableBuffer(endpoint.headers.reveal())
        return PreparedRoute(requestHead: Secret(head), translator: translator)
    }

    private func settings(_ entry: ModelEntry) -> Deployment.Settings {
        let parameters = entry.parameters
        var settings = Deployment.Settings(
            timeouts: self.timeouts(parameters),
            dropsUnsupported: parameters.dropParams ?? self.configuration.library.dropParams,
            droppedParameters: parameters.additionalDropParams,
            allowedParameters: parameters.allowedOpenAIParams,
            extraBody: Self.extraBody(parameters.extraBody),
            mockResponse: parameters.mockResponse,
            weight: parameters.weight ?? parameters.rpm.map(Double.init) ?? parameters.tpm.map(Double.init) ?? 1,
            order: parameters.order ?? 0,
            pingInterval: parameters.keepaliveSeconds
        )
        settings.accessGroups = entry.info.accessGroups
        settings.allowance.rpm = parameters.rpm
        settings.allowance.tpm = parameters.tpm
        settings.allowance.maxParallel = parameters.maxParallelRequests
        settings.allowance.maxBudget = parameters.maxBudget
        settings.allowance.budgetPeriod = parameters.budgetDuration
        return settings
    }

    /// LiteLLM's default for a request that nobody limits: 6,000 s.
    private static let defaultTimeout = Duration.seconds(6000)

    private func timeouts(_ parameters: DeploymentParameters) -> UpstreamTimeouts {
        let server = self.configuration.server
        let general = self.configuration.router.timeout ?? self.configuration.library.requestTimeout
        let total = parameters.timeout ?? general ?? Self.defaultTimeout
        let stream = parameters.streamTimeout ?? self.configuration.router.streamTimeout
        return UpstreamTimeouts(
            connect: min(server.connectTimeout, total),
            firstByte: server.firstByteTimeout ?? total,
            streamFirstByte: stream ?? server.firstByteTimeout ?? total,
            betweenChunks: min(stream ?? server.betweenChunksTimeout, server.betweenChunksTimeout),
            total: total,
            streamTotal: max(total, Self.defaultTimeout)
        )
    }

    private static func extraBody(_ members: [ConfigValue.Member]) -> JSONObject {
        var object = JSONObject()
        for member in members {
            // The text was written by ConfigValue itself; were it no JSON, the member would be left out.
            object[member.name] = try? JSONValue(parsing: ByteBuffer(string: member.value.json))
        }
        return object
    }

    private func capabilities(_ entry: ModelEntry) -> ModelCapabilities {
        let name = entry.info.baseModel ?? entry.upstreamModel
        var capabilities =
            self.facts.facts(provider: entry.provider, model: name)?.capabilities ?? ModelCapabilities()
        if let mode = entry.info.mode, mode != "fallback", mode != "loadbalance" { capabilities.mode = mode }
        if let limit = entry.info.maxInputTokens { capabilities.maximumInput = limit }
        if let limit = entry.info.maxOutputTokens ?? entry.info.maxTokens { capabilities.maximumOutput = limit }
        return capabilities
    }

    private static func answerHeaders(_ deployment: Deployment) -> ByteBuffer {
        var lines = ByteBuffer()
        let values = [
            ("x-litellm-model-id", deployment.id),
            ("x-litellm-model-group", deployment.group),
            ("x-litellm-model-name", "\(deployment.provider)/\(deployment.upstreamModel)"),
            ("x-litellm-model-api-base", deployment.endpoint.displayBase),
            ("x-litellm-version", Martlet.version),
        ]
        for (name, value) in values where PlainHeader.isValid(name, value) {
            lines.writeString("\(name): \(value)\r\n")
        }
        return lines
    }
}

/// Why a configuration that was read well cannot be served.
package struct SnapshotProblem: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ entry: ModelEntry, _ reason: String) {
        let position = entry.position
        self.description =
            "\(position.file):\(position.line):\(position.column): error: model '\(entry.modelName)': \(reason)"
    }
}
