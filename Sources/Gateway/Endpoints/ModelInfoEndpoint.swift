import Domain
import NIOCore
import WireFormats

/// Each deployment with its limits and prices, in LiteLLM's shape (`/model/info`); no keys.
enum ModelInfoEndpoint {
    /// The deployments of the groups that are allowed.
    static func entries(snapshot: Snapshot, _ isAllowed: (String) -> Bool) -> [ByteBuffer] {
        snapshot.prepared.filter { isAllowed($0.deployment.group) }
            .map { self.entry($0.deployment, isRuntime: $0.isRuntime, snapshot.facts).serialized }
    }

    private static func entry(_ deployment: Deployment, isRuntime: Bool, _ facts: any ModelFacts) -> JSONValue {
        let model = "\(deployment.provider)/\(deployment.upstreamModel)"
        var info = JSONObject([
            ("id", .text(deployment.id)), ("db_model", .bool(isRuntime)), ("key", .text(deployment.upstreamModel)),
            ("litellm_provider", .text(deployment.provider)),
        ])
        for field in facts.facts(provider: deployment.provider, model: deployment.upstreamModel)?.fields ?? [] {
            // The table's fields are JSON text; one that is not is left out.
            info[field.name] = try? JSONValue(parsing: ByteBuffer(string: field.json))
        }
        if let limit = deployment.capabilities.maximumInput { info["max_input_tokens"] = .integer(limit) }
        if let limit = deployment.capabilities.maximumOutput { info["max_output_tokens"] = .integer(limit) }
        if let mode = deployment.capabilities.mode { info["mode"] = .text(mode) }
        return [
            ("model_name", .text(deployment.group)),
            ("litellm_params", ["model": .text(model), "api_base": .text(deployment.endpoint.displayBase)]),
            ("model_info", .object(info)),
        ].asObject
    }
}

extension [(String, JSONValue)] {
    fileprivate var asObject: JSONValue { .object(JSONObject(self)) }
}
