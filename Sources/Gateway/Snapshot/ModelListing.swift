import Domain
import NIOCore
import Routing
import WireFormats

/// A model as `GET /v1/models` shows it.
struct ListedModel: Sendable {
    var name: String
    /// The object's JSON text.
    var json: ByteBuffer
}

/// Works out the models to show, once a snapshot: a wildcard covers hundreds of rows of the price table.
struct ModelListing {
    let models: ModelTable
    let facts: any ModelFacts

    /// What LiteLLM gives as the time every model was created.
    private static let created = 1_677_610_602

    /// Groups and aliases; a wildcard stands for the provider's known models that it covers.
    func all() -> [ListedModel] {
        var seen: Set<String> = []
        return self.models.listed.flatMap { $0.contains("*") ? self.expand($0) : [$0] }
            .filter { seen.insert($0).inserted }
            .map { ListedModel(name: $0, json: self.object($0).serialized) }
    }

    /// The object of one name: OpenAI's members, and LiteLLM's (mode and limits) as far as they are known.
    func object(_ name: String) -> JSONValue {
        var object = JSONObject([
            ("id", .text(name)), ("object", "model"), ("created", .integer(Self.created)), ("owned_by", "openai"),
        ])
        guard let match = self.models.match(name), let deployment = match.group.deployments.first else {
            return .object(object)
        }
        let upstream = match.upstreamModel(of: deployment)
        let known =
            upstream == deployment.upstreamModel
            ? nil : self.facts.facts(provider: deployment.provider, model: upstream)?.capabilities
        let capabilities = known ?? deployment.capabilities
        object["owned_by"] = .text(deployment.provider)
        if let mode = capabilities.mode { object.append("mode", .text(mode)) }
        if let limit = capabilities.maximumInput { object.append("max_input_tokens", .integer(limit)) }
        if let limit = capabilities.maximumOutput { object.append("max_output_tokens", .integer(limit)) }
        return .object(object)
    }

    private func expand(_ pattern: String) -> [String] {
        let deployments = self.models.deployments(ofGroup: pattern)
        let known = deployments.flatMap { self.facts.models(of: $0.provider) }
        // Only the plain form `prefix*` can be turned round; others are shown as they are.
        guard pattern.last == "*", !pattern.dropLast().contains("*"), !known.isEmpty else { return [pattern] }
        return known.map { pattern.dropLast() + $0 }
    }
}
