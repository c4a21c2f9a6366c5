import NIOCore

/// One of the connections to a server, made anew whenever it ends.
///
/// Used on its event loop only.
final class NodeLine {
    /// A call made before the first connection stood.
    private final class Early {
        let call: RedisCall
        var timer: Scheduled<Void>?

        init(_ call: RedisCall) {
            self.call = call
        }
    }

    private let endpoint: RedisEndpoint
    private let recipe: RedisConnection.Recipe
    private let loop: any EventLoop
    private let changed: (RedisError?) -> Void
    private var connection: RedisConnection?
    private var early: [Early] = []
    private var hasTried = false
    private var isClosed = false
    private var pause: Duration
    private var retry: Scheduled<Void>?

    private static let mostEarly = 4096

    /// `changed` hears nil when the connection stands, and why when it does not.
    init(
        _ endpoint: RedisEndpoint,
        _ recipe: RedisConnection.Recipe,
        on loop: any EventLoop,
        changed: @escaping (RedisError?) -> Void
    ) {
        self.endpoint = endpoint
        self.recipe = recipe
        self.loop = loop
        self.changed = changed
        self.pause = recipe.timing.firstReconnect
    }

    var isConnected: Bool { self.connection != nil }

    func connect() {
        guard !self.isClosed, self.connection == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        RedisConnection.open(self.endpoint, self.recipe, on: self.loop).whenComplete { result in
            bound.value.opened(result)
        }
    }

    private func opened(_ result: Result<RedisConnection, any Error>) {
        switch result {
        case .success(let connection) where self.isClosed: connection.close()
        case .success(let connection): self.use(connection)
        case .failure(let error): self.lost(error as? RedisError ?? .connectionFailed("\(error)"))
        }
    }

    private func use(_ connection: RedisConnection) {
        self.connection = connection
        self.hasTried = true
        self.pause = self.recipe.timing.firstReconnect
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        connection.closeFuture.whenComplete { _ in bound.value.lost(.connectionLost("closed by the server")) }
        self.changed(nil)
        for early in self.takeEarly() { connection.send(early) }
    }

    private func lost(_ error: RedisError) {
        self.connection = nil
        self.hasTried = true
        for early in self.takeEarly() { early.completion(.failure(.notConnected)) }
        guard !self.isClosed else { return }
        self.changed(error)
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        // Spread, so that replicas that lost a server together do not all come back in the same moment.
        let pause = self.pause * Double.random(in: 0.8...1.2)
        self.retry = self.loop.scheduleTask(in: TimeAmount(pause)) { bound.value.connect() }
        self.pause = min(self.pause * 2, self.recipe.timing.lastReconnect)
    }

    func send(_ call: RedisCall) {
        if let connection = self.connection { return connection.send(call) }
        guard !self.isClosed else { return call.completion(.failure(.closed)) }
        guard !self.hasTried, self.early.count < Self.mostEarly else { return call.completion(.failure(.notConnected)) }
        let early = Early(call)
        let bound = NIOLoopBound((self, early), eventLoop: self.loop)
        early.timer = self.loop.scheduleTask(deadline: call.deadline) {
            let (line, early) = bound.value
            guard let place = line.early.firstIndex(where: { $0 === early }) else { return }
            line.early.remove(at: place)
            early.call.completion(.failure(.timedOut))
        }
        self.early.append(early)
    }

    private func takeEarly() -> [RedisCall] {
        let early = self.early
        self.early = []
        for one in early { one.timer?.cancel() }
        return early.map(\.call)
    }

    func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        self.retry?.cancel()
        self.connection?.close("the client was closed")
        self.connection = nil
        for early in self.takeEarly() { early.completion(.failure(.closed)) }
    }
}
