import Domain
import Synchronization
import WireFormats

/// The API's description, made from its routes: the OpenAPI document, the page for people, and LiteLLM's list.
enum DescriptionEndpoints {
    /// The routes that describe `others` and themselves.
    static func routes(_ others: [Route], _ settings: ManagementSettings) -> [Route] {
        // Answers need the whole list, which these routes belong to: what they say is made of their descriptions.
        let own = self.described { _ in Answer.json(JSONObject()) }
        let all = others + own
        let answers = DescriptionAnswers(routes: all, version: settings.version)
        return self.described { path in answers.answer(path) }
    }

    private static func described(_ answer: @escaping @Sendable (String) -> Answer) -> [Route] {
        let lines = [
            ("/openapi.json", "Describes the API in OpenAPI 3.1.", "An OpenAPI document."),
            ("/docs", "Describes the API for people.", "A page of HTML."),
            ("/routes", "Lists the routes.", "routes: path, methods, name, endpoint."),
        ]
        return lines.map { path, summary, shape in
            Route(
                .get,
                path,
                .description,
                summary,
                answer: shape,
                handler: { (_) throws(GatewayError) in answer(path) }
            )
        }
    }
}

/// What the description's routes answer, made when it is first asked for: the command line never is.
final class DescriptionAnswers: Sendable {
    private let routes: [Route]
    private let version: String
    private let made = Mutex<[String: Answer]>([:])

    init(routes: [Route], version: String) {
        self.routes = routes
        self.version = version
    }

    func answer(_ path: String) -> Answer {
        self.made.withLock { made in
            if let answer = made[path] { return answer }
            let answer = self.make(path)
            made[path] = answer
            return answer
        }
    }

    private func make(_ path: String) -> Answer {
        switch path {
        case "/openapi.json": Answer.json(OpenAPIDocument(version: self.version).write(self.routes))
        case "/docs": DescriptionPage.answer(self.routes, version: self.version)
        default: Answer.json(["routes": .array(Self.list(self.routes))] as JSONValue)
        }
    }

    /// LiteLLM's list: each path once, with its methods.
    private static func list(_ routes: [Route]) -> [JSONValue] {
        Dictionary(grouping: routes, by: \.key.path).sorted { $0.key < $1.key }.map { path, routes in
            let name = OperationName.of(routes[0].key)
            return [
                "path": .text(path), "methods": .texts(routes.map(\.key.method.rawValue).sorted()), "name": .text(name),
                "endpoint": .text(name),
            ]
        }
    }
}

/// What an operation is called: `postKeyGenerate`.
enum OperationName {
    static func of(_ key: RouteKey) -> String {
        let words = key.path.split { !$0.isLetter && !$0.isNumber }
        return key.method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
