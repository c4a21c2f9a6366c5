import Domain
import NIOCore
import WireFormats

/// The OpenAPI 3.1 document of the management API.
struct OpenAPIDocument: Sendable {
    let version: String

    func write(_ routes: [Route]) -> JSONObject {
        var paths = JSONObject()
        for (path, group) in Dictionary(grouping: routes, by: \.key.path).sorted(by: { $0.key < $1.key }) {
            var item = JSONObject()
            for route in group.sorted(by: { $0.key.method.rawValue < $1.key.method.rawValue }) {
                item[route.key.method.rawValue.lowercased()] = .object(self.operation(route))
            }
            paths.append(path, .object(item))
        }
        let groups = RouteGroup.allCases.filter { group in routes.contains { $0.group == group } }
        return JSONObject([
            ("openapi", "3.1.0"),
            (
                "info",
                [
                    "title": "Martlet management API", "version": .text(self.version),
                    "description": .text(Self.introduction),
                ]
            ),
            ("servers", [["url": "/"]]), ("tags", .array(groups.map { ["name": .text($0.rawValue)] })),
            ("security", [["key": []]]), ("paths", .object(paths)), ("components", Self.components),
        ])
    }

    private static let introduction = """
        LiteLLM's paths and shapes. Every path also stands below /v1. Absent fields stay as they are, null takes away; \
        unknown fields are refused. Amounts are US dollars, times are UTC.
        """

    private func operation(_ route: Route) -> JSONObject {
        let access = RouteRules.access(route.key)
        var operation = JSONObject([
            ("operationId", .text(OperationName.of(route.key))), ("tags", [.text(route.group.rawValue)]),
            ("summary", .text(route.summary)),
            ("description", .text("For \(access?.description ?? "nobody").")),
        ])
        if access == .everybody { operation.append("security", []) }
        let parameters = self.parameters(route)
        if !parameters.isEmpty { operation.append("parameters", .array(parameters)) }
        if let body = route.body { operation.append("requestBody", self.body(body, example: route.example)) }
        operation.append("responses", .object(self.responses(route, access)))
        return operation
    }

    private func parameters(_ route: Route) -> [JSONValue] {
        let path = route.key.parameters.map { name -> JSONValue in
            ["name": .text(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let query = route.query.filter { $0.support != .unsupported }.map { field -> JSONValue in
            var parameter = JSONObject([
                ("name", .text(field.name)), ("in", "query"), ("description", .text(field.summary)),
                ("required", .bool(field.isRequired)), ("schema", .object(FieldSchema.schema(field.type))),
            ])
            if field.type == .texts {
                // Lists may be repeated parameters too.
                parameter.append("style", "form")
                parameter.append("explode", false)
            }
            return .object(parameter)
        }
        return path + query
    }

    private func body(_ fields: [FieldDescription], example: String?) -> JSONValue {
        var content = JSONObject([("schema", FieldSchema.object(fields))])
        // A route's own text; a test reads each.
        if let example, let value = try? JSONValue(parsing: ByteBuffer(string: example)) {
            content.append("example", value)
        }
        let json: JSONValue = ["application/json": .object(content)]
        return ["required": true, "content": json]
    }

    private func responses(_ route: Route, _ access: Access?) -> JSONObject {
        let type = route.key.path == "/docs" ? "text/html" : "application/json"
        let anything: JSONValue = ["schema": [:]]
        var content = JSONObject([(type, anything)])
        if route.query.contains(where: { $0.name == "format" }) {
            content.append("text/csv", ["schema": ["type": "string"]])
        }
        let success: JSONValue = ["description": .text(route.answer), "content": .object(content)]
        var responses = JSONObject([("200", success)])
        guard access != .everybody else { return responses }
        for status in ErrorResponses.all where status.holds(for: route) {
            let reference: JSONValue = ["$ref": .text("#/components/responses/\(status.name)")]
            responses.append(status.code, reference)
        }
        return responses
    }

    private static var components: JSONValue {
        var responses = JSONObject()
        for status in ErrorResponses.all {
            let schema: JSONValue = ["schema": ["$ref": "#/components/schemas/Error"]]
            let content: JSONValue = ["application/json": schema]
            responses.append(status.name, ["description": .text(status.text), "content": content])
        }
        let nullable: JSONValue = ["type": ["string", "null"]]
        let error: JSONValue = [
            "type": "object", "required": ["message", "type", "code"],
            "properties": ["message": ["type": "string"], "type": nullable, "param": nullable, "code": nullable],
        ]
        return [
            "securitySchemes": [
                "key": ["type": "http", "scheme": "bearer", "description": "The master key or a virtual key."]
            ],
            "schemas": ["Error": ["type": "object", "required": ["error"], "properties": ["error": error]]],
            "responses": .object(responses),
        ]
    }
}

/// The errors that routes answer with.
private struct ErrorResponses: Sendable {
    let code: String
    let name: String
    let text: String
    let holds: @Sendable (Route) -> Bool

    func holds(for route: Route) -> Bool { self.holds(route) }

    static let all: [ErrorResponses] = [
        ErrorResponses(code: "400", name: "Invalid", text: "The request says something that cannot be.") { route in
            route.body != nil || !route.query.isEmpty || !route.key.parameters.isEmpty
        },
        ErrorResponses(code: "401", name: "Unknown", text: "No valid key, or one of somebody who is no admin.") { _ in
            true
        },
        ErrorResponses(code: "403", name: "Forbidden", text: "The key, or its user's role, does not reach this far.") {
            _ in
            true
        },
        ErrorResponses(code: "404", name: "Missing", text: "There is no such record.") { route in
            route.group != .spend
        },
        ErrorResponses(
            code: "409",
            name: "Conflict",
            text: "There is such a record already, config.yaml declares it, or it was changed meanwhile."
        ) { $0.body != nil && $0.group != .spend },
        ErrorResponses(code: "503", name: "Unavailable", text: "The database does not answer; nothing was changed.") {
            _ in
            true
        },
    ]
}
