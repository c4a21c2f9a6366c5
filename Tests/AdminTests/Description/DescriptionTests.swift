import Domain
import NIOCore
import Testing
import WireFormats

@testable import Admin

/// The OpenAPI document and the page against the routes that they describe.
@Suite struct DescriptionTests {
    private func document(_ office: Office) async throws -> JSONValue {
        let reply = await office.send(.get, "/openapi.json", as: nil)
        #expect(reply.status == 200)
        _ = try #require(reply.json.object)
        return reply.json
    }

    private func operation(_ document: JSONValue, _ key: RouteKey) -> JSONValue? {
        document["paths"]?[key.path]?[key.method.rawValue.lowercased()]
    }

    @Test func `every route is there, and nothing else`() async throws {
        try await withOffice { office in
            let document = try await self.document(office)
            #expect(document["openapi"]?.string == "3.1.0")
            var described: Set<String> = []
            for path in document["paths"]?.object?.members ?? [] {
                for method in path.value.object?.members ?? [] {
                    described.insert("\(method.key.uppercased()) \(path.key)")
                }
            }
            #expect(described == Set(office.management.routes.map(\.key.description)))
            var names: Set<String> = []
            for route in office.management.routes {
                let operation = try #require(self.operation(document, route.key))
                let isNew = names.insert(operation["operationId"]?.string ?? "").inserted
                #expect(isNew, "\(route.key)")
                #expect((operation["security"]?.array?.isEmpty == true) == (RouteRules.access(route.key) == .everybody))
                let tags = (document["tags"]?.array ?? []).compactMap { $0["name"]?.string }
                #expect((operation["tags"]?.texts ?? []).allSatisfy { tags.contains($0) })
            }
        }
    }

    @Test func `parameters and bodies are those that are read`() async throws {
        try await withOffice { office in
            let document = try await self.document(office)
            for route in office.management.routes {
                let operation = self.operation(document, route.key)
                let parameters = operation?["parameters"]?.array ?? []
                func names(_ place: String) -> [String] {
                    parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }
                }
                #expect(names("path") == route.key.parameters, "\(route.key)")
                #expect(names("query") == route.query.filter { $0.support != .unsupported }.map(\.name), "\(route.key)")
                let schema = operation?["requestBody"]?["content"]?["application/json"]?["schema"]
                #expect((schema != nil) == (route.body != nil), "\(route.key)")
                let properties = (schema?["properties"]?.object?.members ?? []).map(\.key)
                let fields = (route.body ?? []).filter { $0.support != .unsupported }.map(\.name)
                #expect(Set(properties) == Set(fields), "\(route.key)")
                #expect(properties.count == Set(properties).count)
            }
        }
    }

    @Test func `every reference leads somewhere, every schema has a known type`() async throws {
        try await withOffice { office in
            let document = try await self.document(office)
            let types: Set<String> = ["object", "array", "string", "integer", "number", "boolean", "null"]
            func walk(_ value: JSONValue, _ path: String) {
                if let reference = value["$ref"]?.string {
                    var target: JSONValue? = document
                    for step in reference.split(separator: "/").dropFirst() { target = target?[String(step)] }
                    #expect(reference.hasPrefix("#/") && target != nil, "\(path): \(reference)")
                }
                for member in value.object?.members ?? [] {
                    if member.key == "example" { continue }
                    walk(member.value, "\(path)/\(member.key)")
                }
                for element in value.array ?? [] { walk(element, path) }
            }
            func walkSchema(_ schema: JSONValue, _ path: String) {
                let named = schema["type"]?.string.map { [$0] } ?? schema["type"]?.texts ?? []
                #expect(named.allSatisfy { types.contains($0) }, "\(path): \(named)")
                for property in schema["properties"]?.object?.members ?? [] {
                    walkSchema(property.value, "\(path)/\(property.key)")
                }
                if let items = schema["items"] { walkSchema(items, path) }
            }
            walk(document, "")
            for route in office.management.routes {
                let content = self.operation(document, route.key)?["requestBody"]?["content"]?["application/json"]
                if let schema = content?["schema"] { walkSchema(schema, route.key.description) }
            }
        }
    }

    @Test func `every example is what its route reads`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            for route in office.management.routes where route.body != nil {
                guard let example = route.example else {
                    // A body of which nothing is required needs no example.
                    #expect(route.body?.contains(where: \.isRequired) != true, "\(route.key) has no example")
                    continue
                }
                var path = route.key.path
                for name in route.key.parameters { path = path.replacing("{\(name)}", with: "none") }
                let reply = await office.send(route.key.method, path, example)
                // It may name what is not there; what it says is understood.
                for words in ["unknown field", "expected", "is required", "Invalid JSON", "must not"] {
                    #expect(!reply.message.contains(words), "\(route.key): \(reply.message)")
                }
                #expect(reply.status < 500, "\(route.key): \(reply.text)")
            }
        }
    }

    @Test func `the page loads and runs nothing, and names every route`() async throws {
        try await withOffice { office in
            let reply = await office.send(.get, "/docs", as: nil)
            #expect(reply.status == 200)
            let policy = try #require(reply.headers.first { $0.name == "content-security-policy" }).value
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
            for word in [
                "<script", "<img", "<link", "<iframe", "src=", "http://", "https://", "javascript:", "style=\"",
            ] {
                #expect(!reply.text.contains(word), "\(word)")
            }
            for route in office.management.routes {
                #expect(reply.text.contains("<code>\(DescriptionPage.escaped(route.key.description))</code>"))
            }
        }
    }

    @Test func `texts cannot become markup`() {
        #expect(DescriptionPage.escaped("<b a=\"1\" c='2'>&amp;") == "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;")
        let route = Route(.get, "/x", .keys, "<script>alert(1)</script>", answer: "</details><b>") {
            (_) throws(GatewayError) in Answer.json([:] as JSONValue)
        }
        let page = String(buffer: DescriptionPage.answer([route], version: "<1>").body)
        #expect(!page.contains("<script") && !page.contains("</details><b>") && !page.contains("<1>"))
    }

    @Test func `the list of routes has each path once, with its methods`() async throws {
        try await withOffice { office in
            let routes = await office.send(.get, "/routes", as: nil)["routes"]?.array ?? []
            var seen: [String] = []
            for route in routes {
                let path = route["path"]?.string ?? ""
                for method in route["methods"]?.texts ?? [] { seen.append("\(method) \(path)") }
            }
            #expect(seen.sorted() == office.management.routes.map(\.key.description).sorted())
        }
    }

    @Test func `a null is allowed where a field can be taken away`() throws {
        var field = FieldDescription("role", .choice(["a", "b"]), "What.")
        let nullable = FieldSchema.object([field])["properties"]?["role"]
        #expect(nullable?["type"]?.texts == ["string", "null"])
        #expect(nullable?["enum"]?.array == ["a", "b", .null])
        field.isNullable = false
        field.isRequired = true
        let required = FieldSchema.object([field])
        #expect(required["properties"]?["role"]?["type"]?.string == "string")
        #expect(required["required"]?.texts == ["role"])
        let either = FieldSchema.object([FieldDescription("x", .either(.date, .time), "When.")])["properties"]?["x"]
        #expect(either?["anyOf"]?.array?.count == 3)
    }
}
