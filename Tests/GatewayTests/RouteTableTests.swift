import Domain
import Testing
import Transport

@testable import Gateway

struct RouteTableTests {
    private static let chat = Route.model(.chatCompletions, model: nil)

    @Test(arguments: [
        ("POST", "/v1/chat/completions", chat), ("POST", "/chat/completions", chat),
        ("POST", "/chat/completions/", chat),
        ("POST", "/v1/chat/completions//", chat), ("POST", "/v1/v1/chat/completions", chat),
        ("POST", "/v1/chat/completions?a=b", chat),
        ("POST", "/v1/completions", .model(.completions, model: nil)),
        ("POST", "/completions", .model(.completions, model: nil)),
        ("POST", "/embeddings", .model(.embeddings, model: nil)),
        ("POST", "/v1/embeddings/", .model(.embeddings, model: nil)),
        ("POST", "/engines/m/chat/completions", .model(.chatCompletions, model: "m")),
        ("POST", "/v1/engines/m/completions", .model(.completions, model: "m")),
        ("POST", "/engines/a%2Fb/embeddings", .model(.embeddings, model: "a/b")),
        ("POST", "/engines/a/b/embeddings", .model(.embeddings, model: "a/b")),
        (
            "POST", "/openai/deployments/gpt-4o/chat/completions?api-version=1",
            .model(.chatCompletions, model: "gpt-4o")
        ),
        ("POST", "/openai/deployments/m/embeddings", .model(.embeddings, model: "m")),
        ("GET", "/v1/models", .models), ("GET", "/models/", .models), ("HEAD", "/models", .models),
        ("GET", "/v1/models/a/b%20c", .modelDetail(id: "a/b c")), ("GET", "/models/%E2%82%AC", .modelDetail(id: "€")),
        ("GET", "/models/a%2fb", .modelDetail(id: "a/b")), ("GET", "/v1/models/v1/x", .modelDetail(id: "v1/x")),
        ("GET", "/health", .health(.summary)), ("GET", "/health/liveliness", .health(.liveness)),
        ("HEAD", "/health/liveness", .health(.liveness)), ("GET", "/v1/health/readiness/", .health(.readiness)),
    ])
    func findsWhatStandsAtAPath(_ method: String, _ target: String, _ route: Route) throws {
        #expect(RouteTable.route(try head(method, target)) == route)
    }

    @Test(arguments: [
        "/", "//", "/v1", "/v1/", "/v2/models", "/chat", "/v1/chat/completion", "/V1/models", "/Models", "/v1models",
        "//v1/models", "/v1//models", "/models/%", "/models/%4", "/models/%zz", "/models/%ff", "/engines//completions",
        "/engines/completions", "/engines/%/completions", "/engines/m",
        "/v1/../models", "/v1/./models", "/%76%31/models", "/health/x", "/_mock/requests", "/chat/completions/x",
    ])
    func findsNothingAtOtherPaths(_ target: String) throws {
        for method in ["GET", "POST", "DELETE"] { #expect(RouteTable.route(try head(method, target)) == .notFound) }
    }

    @Test(arguments: [
        ("GET", "/v1/chat/completions", "POST"), ("HEAD", "/chat/completions", "POST"),
        ("PUT", "/v1/embeddings", "POST"),
        ("get", "/v1/models", "GET, HEAD"), ("POST", "/models", "GET, HEAD"), ("DELETE", "/models/a", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"), ("GET", "/engines/m/completions", "POST"),
        ("OPTIONS", "/models", "GET, HEAD"),
        ("post", "/v1/chat/completions", "POST"),
    ])
    func saysWhichMethodsAPathTakes(_ method: String, _ target: String, _ allowed: String) throws {
        #expect(RouteTable.route(try head(method, target)) == .methodNotAllowed(allow: allowed))
    }

    @Test func answersPreflightsWhereThereIsARoute() throws {
        let field = "Access-Control-Request-Method: POST"
        #expect(RouteTable.route(try head("OPTIONS", "/v1/chat/completions", field)) == .preflight)
        #expect(RouteTable.route(try head("OPTIONS", "/nowhere", field)) == .notFound)
    }

    @Test func quotesNoMoreThanAPieceOfALongPath() throws {
        let error = RouteTable.notFound(try head("GET", "/" + String(repeating: "x", count: 5000)))
        #expect(error.message.count < 500)
        #expect(error.status == 404)
    }

    /// A path is up to 16 KiB from anybody: looking at it takes time in proportion to its length.
    @Test(arguments: ["/", "/v1", "%2f", "/engines"])
    func aLongPathIsReadInNoTime(_ piece: String) throws {
        let target = "/" + String(repeating: piece, count: 16_000 / piece.utf8.count)
        let head = try head("GET", target)
        let time = ContinuousClock().measure { _ = RouteTable.route(head) }
        #expect(time < .milliseconds(250), "\(time)")
    }

    @Test(arguments: [
        ("", ""), ("a", "a"), ("%41", "A"), ("%c3%a9", "é"), ("a+b", "a+b"), ("%25", "%"), ("%2525", "%25"),
        ("a%00b", "a\0b"),
    ])
    func decodesEscapes(_ encoded: String, _ text: String) {
        #expect(PercentEncoding.decode(encoded[...]) == text)
    }

    @Test(arguments: ["%", "%4", "%g0", "%0g", "%-1", "%+1", "a%", "%ff", "%c3", "%ed%a0%80", "%c0%af"])
    func refusesBrokenEscapes(_ encoded: String) {
        #expect(PercentEncoding.decode(encoded[...]) == nil)
    }
}
