import Domain
import Routing

/// The stage that decides where a call goes.
enum PlanCall {
    /// The deployment to call and the model's name there.
    struct Target: Sendable {
        var prepared: PreparedDeployment
        var route: PreparedRoute?
        var model: String
    }

    /// - Throws: `GatewayError` of kind `badRequest` for what the deployment's provider does not offer.
    static func target(
        _ call: ModelCall,
        _ deployment: Deployment,
        _ match: ModelMatch,
        _ snapshot: Snapshot
    ) throws(GatewayError) -> Target {
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

    static func unknownModel(_ name: String, _ snapshot: Snapshot) -> GatewayError {
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
