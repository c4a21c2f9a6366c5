import Domain
import NIOCore
import WireFormats

/// `GET /v1/model/info`: each deployment with its limits and prices, in LiteLLM's shape; no keys.
enum ModelInfoEndpoint {
    static func list(snapshot: Snapshot) -> ByteBuffer {
        let data = snapshot.prepared.map { self.entry($0.deployment, snapshot.facts) }
        return JSONValue.object(JSONObject([("data", .array(data))])).serialized
    }

    private static func entry(_ deployment: Deployment, _ facts: any ModelFacts) -> JSONValue {
        let model = "\(deployment.provider)/\(deployment.upstreamModel)"
        var info = JSONObject([
            ("id", .text(deployment.id)), ("db_model", false), ("key", .text(deployment.upstreamModel)),
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
