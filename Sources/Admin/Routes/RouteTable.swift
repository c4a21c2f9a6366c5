import Domain

/// All routes of the management API.
enum RouteTable {
    static func routes(_ desk: Desk) -> [Route] {
        var routes = KeyEndpoints(desk: desk).routes
        routes += UserEndpoints(desk: desk).routes
        routes += TeamEndpoints(desk: desk).routes
        routes += OrganizationEndpoints(desk: desk).routes
        routes += CustomerEndpoints(desk: desk).routes
        routes += BudgetEndpoints(desk: desk).routes
        routes += TagEndpoints(desk: desk).routes
        routes += ModelEndpoints(desk: desk).routes
        routes += SpendEndpoints(desk: desk).routes
        routes += LogEndpoints(desk: desk).routes
        routes += GlobalEndpoints(desk: desk).routes
        routes += DailyEndpoints(desk: desk).routes
        routes += AuditEndpoints(desk: desk).routes
        return routes + DescriptionEndpoints.routes(routes, desk.settings)
    }
}
