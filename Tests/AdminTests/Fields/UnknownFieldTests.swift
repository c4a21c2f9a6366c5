import Domain
import Testing
import WireFormats

@testable import Admin

@Suite struct UnknownFieldTests {
    @Test func `every route refuses a field that it does not know, by name`() async throws {
        try await withOffice { office in
            for route in office.management.routes where route.body != nil && route.group != .spend {
                let path = SampleRequests.sample(route.key, for: .master).target
                let reply = await office.send(route.key.method, path, #"{"no_such_field":1}"#)
                #expect(reply.status == 400, "\(route.key): \(reply.status) \(reply.text)")
                #expect(reply.message.contains("'no_such_field': unknown field"), "\(route.key): \(reply.text)")
            }
            let audit = try await office.audit()
            #expect(audit.isEmpty)
        }
    }

    @Test func `every list refuses a parameter that it does not know, by name`() async throws {
        try await withOffice { office in
            for route in office.management.routes where !route.query.isEmpty {
                let path = route.key.path.replacing("{id}", with: "none")
                let reply = await office.send(route.key.method, "\(path)?no_such=1")
                #expect(reply.status == 400, "\(route.key): \(reply.status)")
                #expect(reply.message.contains("'no_such': unknown query parameter"), "\(route.key): \(reply.text)")
            }
        }
    }

    @Test func `a slip of the pen is told what was meant, and all slips are told at once`() async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/team/new", #"{"max_bugdet":1,"rpm_limit":-1}"#)
            #expect(reply.message.hasPrefix("2 problems: "))
            #expect(reply.message.contains("'max_bugdet': unknown field; did you mean 'max_budget'?"))
            #expect(reply.message.contains("'rpm_limit': must not be negative"))
            #expect(reply.param == "max_bugdet")
        }
    }

    @Test func `what LiteLLM knows and Martlet does not is taken where it says nothing`() async throws {
        try await withOffice { office in
            #expect(await office.send(.post, "/team/new", #"{"guardrails":null,"policies":[]}"#).status == 200)
            let reply = await office.send(.post, "/team/new", #"{"guardrails":["pii"]}"#)
            #expect(reply.status == 400)
            #expect(reply.message.contains("Martlet does not support it"))
        }
    }

    @Test(arguments: ["[]", "1", "{", #"{"team_id":"a","team_id":"b"}"#, "\u{0}", String(repeating: "[", count: 100)])
    func `a body that is no object is refused or says nothing`(body: String) async throws {
        try await withOffice { office in
            let reply = await office.send(.post, "/team/block", body)
            #expect(reply.status == 400)
        }
    }
}
