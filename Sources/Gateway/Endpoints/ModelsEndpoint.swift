import Domain
import NIOCore
import Routing
import WireFormats

/// `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shape with LiteLLM's additions (mode and limits).
enum ModelsEndpoint {
    static func list(snapshot: Snapshot) -> ByteBuffer {
        let models = ModelListing.names(snapshot).map { JSONValue.object(self.object($0, snapshot)) }
        return JSONValue.object(JSONObject([("data", .array(models)), ("object", "list")])).serialized
    }

    static func detail(_ id: String, snapshot: Snapshot) throws(GatewayError) -> ByteBuffer {
        guard snapshot.models.match(id) != nil else {
            throw GatewayError(
                .notFound,
                "The model '\(id.prefix(128))' does not exist here. GET /v1/models lists the models on offer.",
                param: "model",
                code: "model_not_found"
            )
        }
        return JSONValue.object(self.object(id, snapshot)).serialized
    }

    /// What LiteLLM gives as the time every model was created.
    private static let created = 1_677_610_602

    private static func object(_ name: String, _ snapshot: Snapshot) -> JSONObject {
        var object = JSONObject([
            ("id", .text(name)), ("object", "model"), ("created", .integer(self.created)), ("owned_by", "openai"),
        ])
        guard let match = snapshot.models.match(name), let deployment = match.group.deployments.first else {
            return object
        }
        let capabilities =
            snapshot.facts.facts(provider: deployment.provider, model: match.upstreamModel(of: deployment))?
            .capabilities
            ?? deployment.capabilities
        object["owned_by"] = .text(deployment.provider)
        if let mode = capabilities.mode { object.append("mode", .text(mode)) }
        if let limit = capabilities.maximumInput { object.append("max_input_tokens", .integer(limit)) }
        if let limit = capabilities.maximumOutput { object.append("max_output_tokens", .integer(limit)) }
        return object
    }
}

/// The names a caller may use.
enum ModelListing {
    /// Groups and aliases; a wildcard stands for the provider's known models that it covers.
    static func names(_ snapshot: Snapshot) -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        for name in snapshot.models.listed {
            for shown in name.contains("*") ? self.expand(name, snapshot) : [name] where seen.insert(shown).inserted {
                names.append(shown)
            }
        }
        return names
    }

    private static func expand(_ pattern: String, _ snapshot: Snapshot) -> [String] {
        let deployments = snapshot.models.deployments(ofGroup: pattern)
        let models = deployments.flatMap { snapshot.facts.models(of: $0.provider) }
        // Only the plain form `prefix*` can be turned round; others are shown as they are.
        guard pattern.last == "*", !pattern.dropLast().contains("*"), !models.isEmpty else { return [pattern] }
        return models.map { pattern.dropLast() + $0 }
    }
}
