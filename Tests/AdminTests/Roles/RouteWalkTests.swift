import Domain
import Testing
import WireFormats

@testable import Admin

/// Every route, called by everybody.
@Suite struct RouteWalkTests {
    @Test func `a route without a rule is for nobody, and there is none`() async throws {
        try await withOffice { office in
            for route in office.management.routes {
                #expect(RouteRules.access(route.key) != nil, "\(route.key) has no rule")
                #expect(ExpectedAccess.standings(route.key) != nil, "\(route.key) is missing in the expected table")
            }
        }
    }

    @Test func `every chapter of people has all its routes`() async throws {
        try await withOffice { office in
            let there = Set(office.management.routes.map { "\($0.key.method.rawValue) \($0.key.path)" })
            let chapters = ["key", "user", "team", "organization", "customer", "end_user", "budget", "tag"]
            for name in ExpectedAccess.table.keys where !name.contains("/daily/") {
                let path = name.split(separator: " ")[1].replacing("/v2/", with: "/")
                guard chapters.contains(where: { path.hasPrefix("/\($0)/") }) else { continue }
                #expect(there.contains(name), "\(name) is not there")
            }
        }
    }

    @Test func `an unruled route refuses even the master key`() throws {
        let route = Route(.get, "/nothing", .keys, "Has no rule.") { (_) throws(GatewayError) in
            Answer.json(["a": 1])
        }
        let request = ManagementRequest(method: "GET", target: "/nothing", caller: .master, id: "1", origin: "local")
        #expect(RouteRules.access(route.key) == nil)
        #expect(throws: GatewayError.self) { try Gate(rule: nil, route: route).admit(request) }
    }

    @Test(arguments: Standing.allCases)
    func `who may is let in, who may not is refused`(standing: Standing) async throws {
        try await withOffice { office in
            for route in office.management.routes {
                guard let allowed = ExpectedAccess.standings(route.key) else { continue }
                try await Self.check(route, standing, isAllowed: allowed.contains(standing))
            }
        }
    }

    /// In an office of its own, because what is allowed changes things.
    private static func check(_ route: Route, _ standing: Standing, isAllowed: Bool) async throws {
        try await withOffice { office in
            let sample = SampleRequests.sample(route.key, for: standing)
            let reply = await office.send(route.key.method, sample.target, sample.body, as: standing.caller)
            let context = "\(route.key) by \(standing): \(reply.status) \(reply.text.prefix(200))"
            if !isAllowed {
                let expected = [.viewer, .internalViewer].contains(standing) ? 403 : 401
                #expect(reply.status == expected, "\(context)")
                let audit = try await office.audit()
                #expect(audit.isEmpty, "\(context): something was changed")
            } else if SampleRequests.isKnown(route.key), !Self.hasNoUser(route.key, standing) {
                #expect(reply.isGranted, "\(context)")
            } else {
                #expect(reply.status != 401 && reply.status != 403 && reply.status < 500, "\(context)")
            }
        }
    }

    /// A key without a user may ask about users, and is told that it has none.
    private static func hasNoUser(_ route: RouteKey, _ standing: Standing) -> Bool {
        standing == .unknown && route.path.hasSuffix("/user/info")
    }

    /// Internal users are let through to routes of admins of teams and organizations, where the handler looks whose team
    /// it is.
    @Test func `an internal user who is admin of nothing changes nothing of others`() async throws {
        try await withOffice { office in
            for route in office.management.routes where SampleRequests.changes(route.key) {
                guard ExpectedAccess.standings(route.key)?.contains(.internalUser) == true else { continue }
                // For oneself everybody may make keys.
                guard route.key.path != "/key/generate" else { continue }
                let sample = SampleRequests.sample(route.key, for: .internalUser)
                let reply = await office.send(route.key.method, sample.target, sample.body, as: .olaf)
                #expect([401, 403].contains(reply.status), "\(route.key): \(reply.status) \(reply.text.prefix(200))")
            }
            let audit = try await office.audit()
            #expect(audit.isEmpty)
        }
    }

    @Test func `roles without a meaning here stand where an unknown one does`() {
        for role in [UserRole.customer, .team] {
            #expect(Standing(.user("olaf", role)) == .unknown)
        }
        #expect(Standing(.user("olaf", .appUser)) == .internalUser)
        #expect(Standing(nil) == .nobody)
        let program = ManagementCaller(credential: .commandLine, userID: "cli", role: nil)
        #expect(Standing(program) == .master)
    }

    @Test func `a key that is limited to some routes is refused on all others`() async throws {
        try await withOffice { office in
            var caller = ManagementCaller.ada
            caller.allowedRoutes = ["/team/info", "/budget/*"]
            #expect(await office.send(.get, "/team/info?team_id=search", as: caller).status == 200)
            #expect(await office.send(.get, "/budget/list", as: caller).status == 200)
            #expect(await office.send(.post, "/team/delete", #"{"team_ids":["search"]}"#, as: caller).status == 403)
            #expect(await office.send(.get, "/team/list", as: caller).status == 403)
            caller.allowedRoutes = ["llm_api_routes"]
            for route in office.management.routes where RouteRules.access(route.key) != .everybody {
                let sample = SampleRequests.sample(route.key, for: .admin)
                let reply = await office.send(route.key.method, sample.target, sample.body, as: caller)
                let expected = RouteRules.access(route.key) == .master ? 401 : 403
                #expect(reply.status == expected, "\(route.key)")
            }
        }
    }

    @Test func `without a key the gateway's own refusal is told`() async throws {
        try await withOffice { office in
            let refusal = GatewayError(.authentication, "Authentication Error, Key is blocked.", type: "auth_error")
            let request = ManagementRequest(
                method: "GET",
                target: "/key/list",
                caller: nil,
                refusal: refusal,
                id: "1",
                origin: "192.0.2.1"
            )
            let reply = Reply(await office.management.answer(request))
            #expect(reply.status == 401)
            #expect(reply.message == "Authentication Error, Key is blocked.")
        }
    }
}
