import Domain

/// All routes of the management API.
enum RouteTable {
    static func routes(_ desk: Desk) -> [Route] {
        KeyEndpoints(desk: desk).routes + UserEndpoints(desk: desk).routes
    }
}
