import Domain
import NIOCore
import Routing
import WireFormats

/// `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shape with LiteLLM's additions (mode and limits).
enum ModelsEndpoint {
    static func list(snapshot: Snapshot) -> ByteBuffer {
        var output = ByteBuffer()
        output.writeStaticString(#"{"data":["#)
        for (index, model) in snapshot.listing.enumerated() {
            if index > 0 { output.writeStaticString(",") }
            output.writeImmutableBuffer(model.json)
        }
        output.writeStaticString(#"],"object":"list"}"#)
        return output
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
        return ModelListing(models: snapshot.models, facts: snapshot.facts).object(id).serialized
    }
}
