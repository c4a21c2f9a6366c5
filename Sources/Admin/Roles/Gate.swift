import Domain

/// Stands before every route: who calls, may their role, may their key.
struct Gate: Sendable {
    /// Nil where no rule is written: nobody may.
    let rule: Access?
    let route: Route

    /// - Throws: LiteLLM's refusals: 401 without a key, 401 for who is no admin, 403 for viewers and for keys that are
    ///   limited to other routes.
    func admit(_ request: ManagementRequest) throws(GatewayError) {
        guard self.rule != .everybody else { return }
        guard let caller = request.caller else {
            throw request.refusal
                ?? GatewayError(
                    .authentication,
                    "Authentication Error, No api key passed in.",
                    type: "auth_error",
                    param: "None"
                )
        }
        let standing = Standing(caller)
        guard let rule, rule.admits(standing, permissions: caller.permissions) else {
            throw Refusals.role(caller, self.route.key, standing)
        }
        if let allowed = caller.allowedRoutes, standing != .master, !AllowedRoutes.allow(self.route, allowed) {
            throw Refusals.route(self.route.key, allowed)
        }
    }
}

/// LiteLLM's words for what a role may not.
enum Refusals {
    static func role(_ caller: ManagementCaller, _ route: RouteKey, _ standing: Standing) -> GatewayError {
        if standing == .viewer || standing == .internalViewer {
            let role = caller.role?.rawValue ?? "unknown"
            return .forbidden("user not allowed to access this route, role= \(role). Trying to access: \(route.path)")
        }
        return self.onlyAdmin(caller, route)
    }

    static func onlyAdmin(_ caller: ManagementCaller?, _ route: RouteKey) -> GatewayError {
        GatewayError(
            .authentication,
            "Authentication Error, Only proxy admin can be used to generate, delete, update info for new "
                + "keys/users/teams. Route=\(route.path). Your role=\(caller?.role?.rawValue ?? "unknown"). "
                + "Your user_id=\(self.masked(caller?.userID))",
            type: "auth_error",
            param: "None"
        )
    }

    static func route(_ route: RouteKey, _ allowed: [String]) -> GatewayError {
        let names = allowed.map { "'\($0)'" }.joined(separator: ", ")
        return .forbidden(
            "Virtual key is not allowed to call this route. Only allowed to call routes: [\(names)]. "
                + "Tried to call route: \(route.path)"
        )
    }

    private static func masked(_ text: String?) -> String {
        guard let text else { return "None" }
        return String(repeating: "*", count: min(text.count, 40))
    }
}

/// What `allowed_routes` of a key may say.
enum AllowedRoutes {
    /// Names of groups, as LiteLLM has them.
    static let groups = [
        "llm_api_routes", "openai_routes", "info_routes", "management_routes", "spend_tracking_routes",
        "global_spend_tracking_routes", "self_managed_routes", "public_routes",
    ]

    /// Presets of `key_type`.
    enum KeyType: String, Sendable, CaseIterable {
        case standard = "default"
        case models = "llm_api"
        case management
        case readOnly = "read_only"

        var routes: [String]? {
            switch self {
            case .standard: nil
            case .models: ["llm_api_routes"]
            case .management: ["management_routes"]
            case .readOnly: ["info_routes"]
            }
        }

        init(routes: [String]?) {
            self = Self.allCases.first { $0.routes == routes } ?? .standard
        }
    }

    /// Whether one of `allowed` names the route: itself, a group, the words a path begins with, or `...*`.
    static func allow(_ route: Route, _ allowed: [String]) -> Bool {
        // No list means no limit: LiteLLM answers an empty one where none was set.
        allowed.isEmpty || allowed.contains { self.matches($0, route) }
    }

    private static func matches(_ entry: String, _ route: Route) -> Bool {
        if entry.hasPrefix("/") {
            let path = route.key.path
            if entry.hasSuffix("*") { return path.hasPrefix(entry.dropLast()) }
            return path == entry || "/v1" + path == entry || path.hasPrefix(entry.hasSuffix("/") ? entry : entry + "/")
        }
        switch entry {
        case "management_routes":
            return [.keys, .users, .teams, .organizations, .customers, .budgets, .tags, .models]
                .contains(route.group)
        case "info_routes": return route.key.method == .get && route.group != .audit && !self.isGlobal(route)
        case "spend_tracking_routes": return route.group == .spend && !self.isGlobal(route)
        case "global_spend_tracking_routes": return self.isGlobal(route)
        case "self_managed_routes": return [.ownChanges, .teamAdmins].contains(RouteRules.access(route.key))
        case "public_routes": return RouteRules.access(route.key) == .everybody
        case "*": return true
        default: return false
        }
    }

    private static func isGlobal(_ route: Route) -> Bool { route.key.path.hasPrefix("/global/") }

    /// - Throws: a problem for an entry that would match nothing.
    static func check(_ entries: [String]) throws(FieldProblem) {
        for entry in entries where !entry.hasPrefix("/") && entry != "*" && !self.groups.contains(entry) {
            let near = NearNames.nearest(to: entry, in: self.groups).map { "'\($0)'" }
            let hint =
                near.isEmpty
                ? "; groups are \(self.groups.joined(separator: ", "))"
                : "; did you mean \(near.joined(separator: " or "))?"
            throw FieldProblem("'\(FieldValue.shown(entry))' is no path and no group of routes\(hint)")
        }
    }
}
