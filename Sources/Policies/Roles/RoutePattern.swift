/// What `allowed_routes` of a key means (litellm.md, section 5.3): routes, groups of routes, and prefixes that end in `*`.
package enum RoutePattern {
    /// The routes of model traffic, without `/v1`.
    private static let modelRoutes = ["/chat/completions", "/completions", "/embeddings", "/models"]

    /// Whether one of `patterns` covers `route`, a path that may begin with `/v1`.
    package static func allows(_ patterns: [String], _ route: String) -> Bool {
        let path = self.plain(route)
        return patterns.contains { self.covers($0, path) }
    }

    private static func covers(_ pattern: String, _ path: Substring) -> Bool {
        switch pattern {
        case "*", "/*": return true
        case "llm_api_routes", "openai_routes":
            return self.modelRoutes.contains { path == $0 || path.hasPrefix($0 + "/") }
        case "info_routes": return path.hasSuffix("/info") || path.hasSuffix("/list") || path == "/models"
        case "management_routes": return !self.modelRoutes.contains { path == $0 }
        default: break
        }
        let own = self.plain(pattern)
        if own.hasSuffix("*") { return path.hasPrefix(own.dropLast()) }
        return path == own
    }

    private static func plain(_ route: String) -> Substring {
        route.hasPrefix("/v1/") ? route.dropFirst(3) : Substring(route)
    }
}
