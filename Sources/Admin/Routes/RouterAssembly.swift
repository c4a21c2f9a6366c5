import Domain
import HTTPTypes
import Hummingbird
import WireFormats

/// Puts the routes onto Hummingbird's router.
enum RouterAssembly {
    /// Methods that are told apart; any other is refused with the list of what a path takes.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    static func router(_ routes: [Route], _ desk: Desk) -> Router<ManagementContext> {
        let router = Router(context: ManagementContext.self)
        for (path, group) in Dictionary(grouping: routes, by: \.key.path) {
            let allowed = Self.allowed(group.map(\.key.method))
            for method in self.methods {
                let route = group.first { self.method(of: $0.key, serves: method) }
                router.on(RouterPath(path), method: method) { (_, context) -> Response in
                    guard let route else { return self.refusal(method.rawValue, allowed: allowed) }
                    // Of an answer to HEAD, whoever sends it keeps the body's length and leaves out the body.
                    return await RouteRunner(route: route, desk: desk).run(context).response
                }
            }
        }
        return router
    }

    private static func method(of key: RouteKey, serves method: HTTPRequest.Method) -> Bool {
        key.method.rawValue == method.rawValue || key.method == .get && method == .head
    }

    private static func allowed(_ methods: [RouteKey.Method]) -> String {
        let names = methods.map(\.rawValue).sorted()
        return (names + (names.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"]).joined(separator: ", ")
    }

    /// The answer to a method that the path does not take; to OPTIONS, which asks just that, it is no error.
    static func refusal(_ method: String, allowed: String?) -> Response {
        var answer: Answer
        if method == "OPTIONS" {
            answer = Answer(status: 204, contentType: "", body: ByteBuffer())
        } else {
            let shown = FieldValue.shown(method)
            answer = ErrorAnswer.answer(GatewayError(.methodNotAllowed, "Method Not Allowed: '\(shown)'"))
        }
        if let allowed { answer.headers.append(("allow", allowed)) }
        return answer.response
    }
}

/// Runs one route: who calls, may they, what do they say, what is answered.
struct RouteRunner: Sendable {
    let route: Route
    let desk: Desk

    func run(_ context: ManagementContext) async -> Answer {
        do {
            return try await self.answer(context)
        } catch {
            return ErrorAnswer.answer(error)
        }
    }

    private func answer(_ context: ManagementContext) async throws(GatewayError) -> Answer {
        let request = context.request
        try Gate(rule: RouteRules.access(self.route.key), route: self.route).admit(request)
        var parameters: [String: String] = [:]
        for name in self.route.key.parameters {
            guard let raw = context.parameters.get(name), let value = PercentText.decode(raw.utf8), !value.isEmpty
            else {
                throw GatewayError(.badRequest, "The path's '\(name)' cannot be read.", param: name)
            }
            parameters[name] = value
        }
        let call = ManagementCall(
            route: self.route.key,
            request: request,
            caller: request.caller,
            query: context.query,
            parameters: parameters,
            body: self.route.body == nil ? JSONObject() : try RequestJSON.read(request.body),
            now: context.now
        )
        return try await self.route.handler(call)
    }
}
