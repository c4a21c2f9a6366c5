import Domain
import NIOCore
import Testing
import WireFormats

@testable import Admin

/// Texts that mean something to a database, in every place where somebody may write one.
@Suite struct HostileTextTests {
    static let texts = [
        "' OR 1=1 --", "%", "_", "\\", "'; DROP TABLE keys; --", "\" OR \"\"=\"", "*", "\u{202e}", "%' OR '%'='",
    ]

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    @Test(arguments: texts)
    func `a filter finds nothing by it`(text: String) async throws {
        try await withOffice { office in
            for route in office.management.routes {
                for field in route.query where [.text, .texts].contains(field.type) && field.support == .supported {
                    let target = "\(route.key.path.replacing("{id}", with: "none"))?\(field.name)=\(Self.encoded(text))"
                    let reply = await office.send(route.key.method, target)
                    #expect(reply.status < 500, "\(target): \(reply.text)")
                    for id in ["\"search\"", "\"ines\"", "\"acme\"", "\"buyer\"", "\"batch\"", World.hash("ines").hex] {
                        #expect(!reply.text.contains(id), "\(target) found \(id)")
                    }
                }
            }
        }
    }

    @Test func `every parameter survives it, whatever its type`() async throws {
        try await withOffice { office in
            for route in office.management.routes {
                for field in route.query {
                    for text in Self.texts + ["", "-1", "0", "1e99", "9223372036854775808", "null", "[]"] {
                        let path = route.key.path.replacing("{id}", with: "none")
                        let reply = await office.send(route.key.method, "\(path)?\(field.name)=\(Self.encoded(text))")
                        #expect(reply.status < 500, "\(route.key) \(field.name)=\(text): \(reply.text)")
                    }
                }
            }
        }
    }

    @Test func `NUL is refused in every parameter and field`() async throws {
        try await withOffice { office in
            for route in office.management.routes {
                let path = route.key.path.replacing("{id}", with: "none").replacing("{key}", with: "none")
                    .replacing("{model_id}", with: "none")
                for field in route.query where field.type == .text && field.support == .supported {
                    let reply = await office.send(route.key.method, "\(path)?\(field.name)=a%00b")
                    #expect(reply.status == 400, "\(route.key) \(field.name): \(reply.status)")
                }
                for field in route.body ?? [] where field.type == .text && field.support == .supported {
                    let reply = await office.send(route.key.method, path, #"{"\#(field.name)":"a\u0000b"}"#)
                    #expect(reply.status == 400, "\(route.key) \(field.name): \(reply.status)")
                }
            }
        }
    }

    @Test(arguments: texts)
    func `a body that names something by it changes nothing that is there`(text: String) async throws {
        try await withOffice { office in
            let names: Set<String> = [
                "key", "keys", "key_aliases", "user_id", "user_ids", "team_id", "team_ids", "organization_id",
                "organization_ids", "id", "budgets", "names", "name", "end_user_id", "organizations", "budget_id",
            ]
            let makes = ["/new", "/generate", "/block"]
            for route in office.management.routes where !makes.contains(where: route.key.path.hasSuffix) {
                var body = JSONObject()
                for field in route.body ?? [] where names.contains(field.name) {
                    body[field.name] = field.type == .texts ? .texts([text]) : .text(text)
                }
                guard !body.isEmpty else { continue }
                let path = route.key.path.replacing("{key}", with: Self.encoded(text)).replacing(
                    "{model_id}",
                    with: "none"
                )
                let reply = await office.send(route.key.method, path, String(buffer: JSONValue.object(body).serialized))
                #expect(reply.status < 500, "\(route.key): \(reply.text)")
            }
            let audit = try await office.audit()
            #expect(audit.isEmpty, "\(audit.map(\.object))")
        }
    }

    @Test(arguments: texts)
    func `it is a name like any other`(text: String) async throws {
        try await withOffice { office in
            let quoted = String(buffer: JSONValue.text(text).serialized)
            #expect(await office.send(.post, "/tag/new", #"{"name":\#(quoted)}"#).status == 200)
            let found = await office.send(.get, "/tag/list?search=\(Self.encoded(text))")
            #expect(NarrowingTests.ids(found, "name") == [text])
            #expect(await office.send(.post, "/tag/delete", #"{"name":\#(quoted)}"#).status == 200)
            #expect(NarrowingTests.ids(await office.send(.get, "/tag/list"), "name") == ["batch"])
        }
    }

    @Test func `paths are no way around`() async throws {
        try await withOffice { office in
            for path in [
                "/key/%00/regenerate", "/key/../team/list", "/team/%2e%2e/info", "//team/list", "/key/%zz/regenerate",
            ] {
                let reply = await office.send(.post, path, "{}")
                #expect([400, 404, 405].contains(reply.status), "\(path): \(reply.status)")
            }
        }
    }
}
