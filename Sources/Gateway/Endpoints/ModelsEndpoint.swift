import Domain
import NIOCore
import Policies
import Routing
import WireFormats

/// `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shape with LiteLLM's additions (mode and limits).
enum ModelsEndpoint {
    /// What the caller may use.
    static func list(snapshot: Snapshot, caller: Caller) -> ByteBuffer {
        var output = ByteBuffer()
        output.writeStaticString(#"{"data":["#)
        var isFirst = true
        for model in snapshot.listing where self.mayUse(model.name, snapshot, caller) {
            if !isFirst { output.writeStaticString(",") }
            isFirst = false
            output.writeImmutableBuffer(model.json)
        }
        output.writeStaticString(#"],"object":"list"}"#)
        return output
    }

    private static func mayUse(_ name: String, _ snapshot: Snapshot, _ caller: Caller) -> Bool {
        guard case .key(let principal) = caller, !principal.mayUseEverything else { return true }
        let group = snapshot.models.match(name)?.group
        return principal.mayUse(name, group: group?.name ?? name, accessGroups: group?.accessGroups ?? [])
    }

    static func detail(_ id: String, snapshot: Snapshot, caller: Caller) throws(GatewayError) -> ByteBuffer {
        guard snapshot.models.match(id) != nil, self.mayUse(id, snapshot, caller) else {
            throw GatewayError(
                .notFound,
                "The model '\(id.prefix(128))' does not exist here. GET /v1/models lists the models on offer.",
                param: "model",
                code: "model_not_found"
            )
        }
        return ModelListing(models: snapshot.models, facts: snapshot.facts).object(id).serialized
    }
}
