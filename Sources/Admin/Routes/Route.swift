import Domain

/// Method and path of a route: `POST /key/generate`.
struct RouteKey: Sendable, Hashable, CustomStringConvertible {
    enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    let method: Method
    /// With parameters in braces: `/key/{key}/regenerate`.
    let path: String

    init(_ method: Method, _ path: String) {
        self.method = method
        self.path = path
    }

    var description: String { "\(self.method.rawValue) \(self.path)" }

    /// The names of the path's parameters, in order.
    var parameters: [String] {
        self.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

/// The chapters of the API's description, which are also where a route's kind is looked up for `allowed_routes`.
enum RouteGroup: String, Sendable, CaseIterable {
    case keys = "Keys"
    case users = "Users"
    case teams = "Teams"
    case organizations = "Organizations"
    case customers = "Customers"
    case budgets = "Budgets"
    case tags = "Tags"
    case models = "Models"
    case spend = "Spend"
    case audit = "Audit"
    case description = "Description"
}

/// One route: what it is called by, takes and does.
///
/// Who may call it stands in ``RouteRules``.
struct Route: Sendable {
    typealias Handler = @Sendable (ManagementCall) async throws(GatewayError) -> Answer

    let key: RouteKey
    let group: RouteGroup
    /// One sentence.
    let summary: String
    /// The body's fields; nil where the route takes no body.
    var body: [FieldDescription]?
    var query: [FieldDescription] = []
    /// A body that works, as JSON.
    var example: String?
    /// What is answered, in a few words or an abbreviated example.
    var answer: String
    let handler: Handler

    init(
        _ method: RouteKey.Method,
        _ path: String,
        _ group: RouteGroup,
        _ summary: String,
        body: [FieldDescription]? = nil,
        query: [FieldDescription] = [],
        example: String? = nil,
        answer: String = "The record.",
        handler: @escaping Handler
    ) {
        self.key = RouteKey(method, path)
        self.group = group
        self.summary = summary
        self.body = body
        self.query = query
        self.example = example
        self.answer = answer
        self.handler = handler
    }

    /// The same route at another path.
    func also(at path: String) -> Route {
        Route(
            self.key.method,
            path,
            self.group,
            self.summary,
            body: self.body,
            query: self.query,
            example: self.example,
            answer: self.answer,
            handler: self.handler
        )
    }
}
