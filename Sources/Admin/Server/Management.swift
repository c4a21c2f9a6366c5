package import Domain
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import WireFormats

/// The management API: keys, people, budgets, models at run time, spend, and its own description.
///
/// Routes run on Hummingbird's router, without a channel: `Gateway` has read the request and found out who calls, and a
/// request becomes Hummingbird's, its answer ours.
package struct Management: ManagementPlane {
    let routes: [Route]
    private let responder: RouterResponder<ManagementContext>
    private let paths: PathTable
    private let clock: any WallClock
    private let logger: Logger

    /// `state`: The running gateway; without one (the command line) the store alone speaks.
    ///
    /// `random`: Unpredictable bytes, for keys and ids.
    package init(
        store: any Store,
        state: (any GatewayState)?,
        sealer: any Sealer,
        clock: any WallClock,
        random: @escaping @Sendable (Int) -> [UInt8] = Management.systemRandom,
        settings: ManagementSettings = ManagementSettings(),
        logger: Logger
    ) {
        let desk = Desk(
            store: store,
            state: state,
            sealer: sealer,
            clock: clock,
            random: random,
            settings: settings,
            logger: logger
        )
        let routes = RouteTable.routes(desk)
        self.routes = routes
        self.paths = PathTable(routes)
        self.responder = RouterAssembly.router(routes, desk).buildResponder()
        self.clock = clock
        self.logger = logger
    }

    /// Bytes of the system's generator.
    package static let systemRandom: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    package func owns(path: Substring) -> Bool { self.paths.owns(path) }

    package func answer(_ request: ManagementRequest) async -> ManagementAnswer {
        do {
            return try await self.respond(request)
        } catch {
            return ErrorAnswer.answer(error).managementAnswer
        }
    }

    private func respond(_ request: ManagementRequest) async throws(GatewayError) -> ManagementAnswer {
        let target = try RequestTarget(request.target)
        guard request.body.readableBytes <= RequestJSON.largest else {
            throw GatewayError(.tooLarge, "The body is larger than \(RequestJSON.largest) bytes.")
        }
        let known = HTTPRequest.Method(rawValue: request.method).flatMap {
            RouterAssembly.methods.contains($0) ? $0 : nil
        }
        let head = HTTPRequest(method: known ?? .options, scheme: nil, authority: nil, path: target.path)
        let source = ManagementContext.Source(
            request: request,
            query: target.query,
            now: self.clock.now,
            logger: self.logger
        )
        let context = ManagementContext(source: source)
        var response: Response
        do {
            let body = Hummingbird.RequestBody(buffer: request.body)
            response = try await self.responder.respond(to: Request(head: head, body: body), context: context)
        } catch {
            throw self.translated(error, target.path)
        }
        if known == nil { response = RouterAssembly.refusal(request.method, allowed: response.headers[.allow]) }
        return try await self.collect(response)
    }

    private func translated(_ error: any Error, _ path: String) -> GatewayError {
        if let error = error as? GatewayError { return error }
        if let error = error as? HTTPError, error.status == .notFound { return self.paths.notFound(path) }
        self.logger.error("management failed", metadata: ["error": "\(error)"])
        return GatewayError(.internalError, "Internal server error")
    }

    private func collect(_ response: Response) async throws(GatewayError) -> ManagementAnswer {
        let collector = BodyCollector()
        do {
            try await response.body.write(collector)
        } catch {
            self.logger.error("management answer failed", metadata: ["error": "\(error)"])
            throw GatewayError(.internalError, "Internal server error")
        }
        // The data plane frames its answers itself.
        let headers = response.headers.filter { $0.name != .contentLength }.map {
            (name: $0.name.canonicalName, value: $0.value)
        }
        return ManagementAnswer(status: response.status.code, headers: headers, body: collector.body)
    }
}
