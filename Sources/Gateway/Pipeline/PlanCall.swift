import Domain
import Routing
import Transport

/// The stage that decides where a call goes.
enum PlanCall {
    /// The deployment to call and the model's name there.
    struct Target: Sendable {
        var prepared: PreparedDeployment
        var route: PreparedRoute?
        var model: String
    }

    /// - Throws: `GatewayError`: `notFound` for a name nobody serves, `badRequest` for what the provider does not offer.
    static func target(_ call: ModelCall, snapshot: Snapshot, lane: Lane) throws(GatewayError) -> Target {
        guard let match = snapshot.models.match(call.model) else { throw self.unknownModel(call.model, snapshot) }
        guard let deployment = match.group.pick(using: &lane.random) else {
            throw GatewayError(.unavailable, "The model '\(call.model)' has no deployment.")
        }
        let prepared = snapshot.prepared[deployment.index]
        let route = prepared.route(for: call.operation)
        guard route != nil || prepared.isMock else {
            throw GatewayError(
                .badRequest,
                "The model '\(call.model)' is served by \(prepared.providerName), which offers no "
                    + "'\(call.operation.path.dropFirst())' here.",
                param: "model",
                code: "unsupported_operation"
            )
        }
        return Target(prepared: prepared, route: route, model: match.upstreamModel(of: deployment))
    }

    private static let maximumNameLength = 128

    private static func unknownModel(_ name: String, _ snapshot: Snapshot) -> GatewayError {
        let near = snapshot.models.nearest(to: name)
        let shown = name.count > self.maximumNameLength ? "\(name.prefix(self.maximumNameLength))..." : name
        let hint =
            near.isEmpty
            ? "GET /v1/models lists the models on offer."
            : "Did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
        return GatewayError(
            .notFound,
            "The model '\(shown)' does not exist here. \(hint)",
            param: "model",
            code: "model_not_found"
        )
    }
}
