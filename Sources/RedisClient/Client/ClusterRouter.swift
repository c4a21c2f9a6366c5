import NIOCore

/// Commands go to the node that serves their key's slot; redirections are followed and remembered.
///
/// Source: "Redis cluster specification", section "MOVED Redirection" and the two that follow, redis.io.
final class ClusterRouter: Router {
    private let maker: LinkMaker
    private let seeds: [RedisEndpoint]
    private var links: [RedisEndpoint: NodeLink] = [:]
    /// By slot; empty until the map was read.
    private var map: [RedisEndpoint?] = []
    private var isReading = false
    private var isLost = false
    private var isClosed = false
    private var early: [RedisCall] = []

    private static let mostRedirections = 5
    private static let mostEarly = 4096
    private static let shortestRefresh = Duration.milliseconds(200)

    init(_ seeds: [RedisEndpoint], _ maker: LinkMaker) {
        self.seeds = seeds
        self.maker = maker
    }

    var isReady: Bool { !self.map.isEmpty && self.links.values.contains(where: \.isReady) }

    private var timing: RedisConfiguration.Timing { self.maker.configuration.timing }

    func start() { self.readMap() }

    // MARK: The map

    private func readMap() {
        guard !self.isReading, !self.isClosed else { return }
        self.isReading = true
        var places = self.links.values.filter(\.isConnected).map(\.endpoint)
        for seed in self.seeds where !places.contains(seed) { places.append(seed) }
        self.readMap(from: places[...], .notConnected)
    }

    private func readMap(from places: ArraySlice<RedisEndpoint>, _ last: RedisError) {
        guard let place = places.first else { return self.gotNoMap(last) }
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        let deadline = NIODeadline.now() + TimeAmount(self.timing.connect)
        // A connection of its own: the answer is long, and a node that is given up must not delay it.
        RedisConnection.open(place, self.maker.recipe, on: self.maker.loop).flatMap { connection in
            connection.send(RedisCommand("CLUSTER", "SLOTS"), deadline: deadline).always { _ in connection.close() }
        }.whenComplete { result in
            let router = bound.value
            switch result {
            case .success(let reply):
                guard let map = Self.map(reply, askedOf: place) else {
                    return router.readMap(from: places.dropFirst(), .unexpectedReply("no map of slots"))
                }
                router.use(map)
            case .failure(let error):
                router.readMap(from: places.dropFirst(), error as? RedisError ?? .connectionFailed("\(error)"))
            }
        }
    }

    /// Nil when the reply is no map, or one without any slot.
    private static func map(_ reply: RedisReply, askedOf place: RedisEndpoint) -> [RedisEndpoint?]? {
        guard let ranges = reply.elements else { return nil }
        var map = [RedisEndpoint?](repeating: nil, count: HashSlot.count)
        var isEmpty = true
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, let master = parts[2].elements, master.count >= 2,
                let port = master[1].integer, first >= 0, last >= first, last < HashSlot.count,
                (1...65535).contains(port)
            else { return nil }
            // A node that does not know its own name leaves it out, or says "?".
            let host = master[0].text.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 } ?? place.host
            for slot in Int(first)...Int(last) { map[slot] = RedisEndpoint(host: host, port: Int(port)) }
            isEmpty = false
        }
        return isEmpty ? nil : map
    }

    private func use(_ map: [RedisEndpoint?]) {
        self.isReading = false
        self.isLost = false
        guard !self.isClosed else { return }
        self.map = map
        let nodes = Set(map.compactMap { $0 })
        for (endpoint, link) in self.links where !nodes.contains(endpoint) {
            link.close()
            self.links[endpoint] = nil
        }
        for node in nodes { _ = self.link(node) }
        let early = self.early
        self.early = []
        for call in early { self.send(call) }
        self.readLater(in: self.timing.mapRefresh)
    }

    private func gotNoMap(_ error: RedisError) {
        self.isReading = false
        if !self.isLost { self.maker.tell(.noDirections(error)) }
        self.isLost = true
        for call in self.early { call.completion(.failure(.notConnected)) }
        self.early = []
        self.readLater(in: self.timing.lastReconnect)
    }

    private func readLater(in pause: Duration) {
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        self.maker.loop.scheduleTask(in: TimeAmount(pause)) { bound.value.readMap() }
    }

    private func link(_ endpoint: RedisEndpoint) -> NodeLink {
        if let known = self.links[endpoint] { return known }
        let link = self.maker.link(endpoint)
        self.links[endpoint] = link
        return link
    }

    // MARK: Commands

    func send(_ call: RedisCall) {
        guard !self.isClosed else { return call.completion(.failure(.closed)) }
        guard !self.map.isEmpty else {
            guard !self.isLost, self.early.count < Self.mostEarly else {
                return call.completion(.failure(.notConnected))
            }
            return self.early.append(call)
        }
        let place = call.command.slot.map { self.map[Int($0.number)] } ?? self.map.lazy.compactMap { $0 }.first
        guard let place else {
            self.readLater(in: Self.shortestRefresh)
            return call.completion(.failure(.notConnected))
        }
        self.send(call, to: place, redirections: Self.mostRedirections)
    }

    private func send(_ call: RedisCall, to place: RedisEndpoint, redirections: Int) {
        var watched = call
        let bound = NIOLoopBound(self, eventLoop: self.maker.loop)
        watched.completion = { outcome in
            if bound.value.follow(outcome, call, place, redirections) { return }
            call.completion(outcome)
        }
        self.link(place).send(watched)
    }

    /// - Returns: whether the call was sent elsewhere.
    private func follow(
        _ outcome: RedisCall.Outcome,
        _ call: RedisCall,
        _ place: RedisEndpoint,
        _ redirections: Int
    ) -> Bool {
        switch outcome {
        case .failure(.notConnected), .failure(.connectionLost), .failure(.connectionFailed):
            // Another node may have taken over.
            self.readLater(in: Self.shortestRefresh)
            return false
        case .failure(.server(let error)) where error.code == "MOVED" || error.code == "ASK":
            guard redirections > 0, let (slot, target) = Self.direction(error.message, from: place) else {
                return false
            }
            var next = call
            if error.code == "MOVED" {
                self.map[slot] = target
                self.readLater(in: Self.shortestRefresh)
            } else {
                next.prelude = RedisCommand("ASKING")
            }
            self.send(next, to: target, redirections: redirections - 1)
            return true
        default: return false
        }
    }

    /// `MOVED 3999 127.0.0.1:6381`; an empty host is the one that was asked.
    private static func direction(_ message: String, from place: RedisEndpoint) -> (Int, RedisEndpoint)? {
        let words = message.split(separator: " ")
        guard words.count >= 3, let slot = Int(words[1]), (0..<HashSlot.count).contains(slot) else { return nil }
        let address = words[2].first == ":" ? "[\(place.host)]\(words[2])" : String(words[2])
        // An IPv6 address stands here without brackets.
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
        guard let port = Int(address[address.index(after: colon)...]), (1...65535).contains(port), !host.isEmpty else {
            return nil
        }
        return (slot, RedisEndpoint(host: String(host), port: port))
    }

    func close() {
        self.isClosed = true
        for link in self.links.values { link.close() }
        for call in self.early { call.completion(.failure(.closed)) }
        self.early = []
    }
}
