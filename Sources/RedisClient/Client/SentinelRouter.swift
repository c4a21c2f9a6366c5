import NIOCore

/// Everything goes to the master that Sentinels name.
///
/// They are asked at the start, whenever the master is lost or says that it is none, and every few seconds besides.
///
/// Source: "Guidelines for Redis clients with support for Redis Sentinel", redis.io.
final class SentinelRouter: Router {
    private let maker: LinkMaker
    private let name: String
    private let recipe: RedisConnection.Recipe
    /// The one that answered last comes first.
    private var sentinels: [RedisEndpoint]
    private var link: NodeLink?
    private var isAsking = false
    private var isClosed = false
    private var isLost = false
    private var early: [RedisCall] = []

    private static let mostEarly = 4096

    /// The recipe is the one of connections to Sentinels.
    init(_ sentinels: [RedisEndpoint], name: String, _ recipe: RedisConnection.Recipe, _ maker: LinkMaker) {
        self.sentinels = sentinels
        self.name = name
        self.recipe = recipe
        self.maker = maker
    }

    var isReady: Bool { self.link?.isReady ?? false }

    private var timing: RedisConfiguration.Timing { self.maker.configuration.timing }

    func start() { self.ask() }

    private func askLater(in pause: Duration) {
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        self.maker.loop.scheduleTask(in: TimeAmount(pause)) { bound.value.ask() }
    }

    private func ask() {
        guard !self.isAsking, !self.isClosed else { return }
        self.isAsking = true
        self.ask(0, .notConnected)
    }

    private func ask(_ index: Int, _ last: RedisError) {
        guard index < self.sentinels.count else { return self.gotNothing(last) }
        let sentinel = self.sentinels[index]
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        let deadline = NIODeadline.now() + TimeAmount(self.timing.connect)
        let command = RedisCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", .text(self.name))
        RedisConnection.open(sentinel, self.recipe, on: self.maker.loop).flatMap { connection in
            connection.send(command, deadline: deadline).always { _ in connection.close() }
        }.whenComplete { result in
            let router = bound.value
            switch result {
            case .success(let reply):
                guard let master = Self.master(reply) else {
                    return router.ask(index + 1, .unexpectedReply("Sentinel knows no master of that name"))
                }
                router.sentinels.swapAt(0, index)
                router.found(master)
            case .failure(let error): router.ask(index + 1, error as? RedisError ?? .connectionFailed("\(error)"))
            }
        }
    }

    private static func master(_ reply: RedisReply) -> RedisEndpoint? {
        guard let parts = reply.elements, parts.count == 2, let host = parts[0].text, !host.isEmpty,
            let port = parts[1].integer, (1...65535).contains(port)
        else { return nil }
        return RedisEndpoint(host: host, port: Int(port))
    }

    private func found(_ master: RedisEndpoint) {
        self.isAsking = false
        self.isLost = false
        guard !self.isClosed else { return }
        if self.link?.endpoint != master {
            if self.link != nil { self.maker.tell(.masterChanged(master)) }
            self.link?.close()
            let link = self.maker.link(master)
            self.link = link
            for call in self.early { link.send(call) }
            self.early = []
        }
        // A master that is down stays named until the others have agreed on the next.
        self.askLater(in: self.isReady ? self.timing.masterCheck : self.timing.firstReconnect * 4)
    }

    private func gotNothing(_ error: RedisError) {
        self.isAsking = false
        if !self.isLost { self.maker.tell(.noDirections(error)) }
        self.isLost = true
        for call in self.early { call.completion(.failure(.notConnected)) }
        self.early = []
        self.askLater(in: self.timing.lastReconnect)
    }

    func send(_ call: RedisCall) {
        guard let link = self.link else {
            guard !self.isLost, !self.isClosed, self.early.count < Self.mostEarly else {
                return call.completion(.failure(.notConnected))
            }
            return self.early.append(call)
        }
        var watched = call
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        watched.completion = { outcome in
            switch outcome {
            case .failure(.server(let error)) where error.code == "READONLY": bound.value.ask()
            case .failure(.notConnected), .failure(.connectionLost): bound.value.ask()
            default: break
            }
            call.completion(outcome)
        }
        link.send(watched)
    }

    func close() {
        self.isClosed = true
        self.link?.close()
        for call in self.early { call.completion(.failure(.closed)) }
        self.early = []
    }
}
