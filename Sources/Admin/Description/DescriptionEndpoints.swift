import Domain
import WireFormats

/// The API's description, made from its routes: the OpenAPI document, the page for people, and LiteLLM's list.
enum DescriptionEndpoints {
    /// The routes that describe `others` and themselves.
    static func routes(_ others: [Route], _ settings: ManagementSettings) -> [Route] {
        // Answers need the whole list, which these routes belong to: what they say is made of their descriptions.
        let own = self.described { _ in Answer.json([:] as JSONValue) }
        let all = others + own
        let document = Answer.json(.object(OpenAPIDocument(version: settings.version).write(all)))
        let page = DescriptionPage.answer(all, version: settings.version)
        let list = Answer.json(["routes": .array(self.list(all))] as JSONValue)
        return self.described { path in
            switch path {
            case "/openapi.json": document
            case "/docs": page
            default: list
            }
        }
    }

    private static func described(_ answer: (String) -> Answer) -> [Route] {
        let lines = [
            ("/openapi.json", "Describes the API in OpenAPI 3.1.", "An OpenAPI document."),
            ("/docs", "Describes the API for people.", "A page of HTML."),
            ("/routes", "Lists the routes.", "routes: path, methods, name, endpoint."),
        ]
        return lines.map { path, summary, shape in
            let answer = answer(path)
            return Route(
                .get,
                path,
                .description,
                summary,
                answer: shape,
                handler: { (_) throws(GatewayError) in answer }
            )
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
