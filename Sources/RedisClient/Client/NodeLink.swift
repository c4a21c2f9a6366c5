import NIOCore

/// A server and our connections to it, behind a circuit breaker.
///
/// Used on its event loop only.
final class NodeLink {
    let endpoint: RedisEndpoint
    private let loop: any EventLoop
    private let timing: RedisConfiguration.Timing
    private let tell: (RedisEvent) -> Void
    private var lines: [NodeLine] = []
    private var breaker: CircuitBreaker
    private var next = 0
    private var isUp: Bool?
    private var isClosed = false

    init(
        _ endpoint: RedisEndpoint,
        _ recipe: RedisConnection.Recipe,
        connections: Int,
        on loop: any EventLoop,
        tell: @escaping (RedisEvent) -> Void
    ) {
        self.endpoint = endpoint
        self.loop = loop
        self.timing = recipe.timing
        self.tell = tell
        self.breaker = CircuitBreaker(failuresToOpen: recipe.timing.failuresToOpen)
        self.lines = (0..<max(1, connections)).map { _ in
            NodeLine(endpoint, recipe, on: loop) { [weak self] error in self?.changed(error) }
        }
    }

    /// Whether a command would be sent.
    var isReady: Bool { !self.breaker.isOpen && self.lines.contains(where: \.isConnected) }
    var isConnected: Bool { self.lines.contains(where: \.isConnected) }

    func connect() {
        for line in self.lines { line.connect() }
    }

    private func changed(_ error: RedisError?) {
        let isUp = self.isConnected
        guard isUp != self.isUp else { return }
        self.isUp = isUp
        if let error { self.tell(.disconnected(self.endpoint, error)) } else { self.tell(.connected(self.endpoint)) }
    }

    func send(_ call: RedisCall) {
        guard !self.isClosed else { return call.completion(.failure(.closed)) }
        guard !self.breaker.isOpen else { return call.completion(.failure(.breakerOpen)) }
        var watched = call
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        watched.completion = { outcome in
            bound.value.judge(outcome)
            call.completion(outcome)
        }
        self.line(call.lane).send(watched)
    }

    private func line(_ lane: Int?) -> NodeLine {
        let index = lane.map { Int($0.magnitude % UInt(self.lines.count)) } ?? self.next
        if lane == nil { self.next = (self.next + 1) % self.lines.count }
        return self.lines[index]
    }

    private func judge(_ outcome: RedisCall.Outcome) {
        switch outcome {
        case .failure(.notConnected): return
        case .failure(let error) where error.countsAsFailure:
            guard self.breaker.fail() else { return }
            self.tell(.suspended(self.endpoint))
            self.probeLater()
        default: self.breaker.succeed()
        }
    }

    private func probeLater() {
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.scheduleTask(in: TimeAmount(self.timing.probeInterval)) { bound.value.probe() }
    }

    private func probe() {
        guard !self.isClosed, self.breaker.isOpen else { return }
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        let deadline = NIODeadline.now() + TimeAmount(self.timing.probeDeadline)
        self.lines[0].send(
            RedisCall(RedisCommand("PING"), deadline: deadline) { outcome in
                let link = bound.value
                guard case .success = outcome else { return link.probeLater() }
                link.breaker.close()
                link.tell(.resumed(link.endpoint))
            }
        )
    }

    func close() {
        self.isClosed = true
        for line in self.lines { line.close() }
    }
}
