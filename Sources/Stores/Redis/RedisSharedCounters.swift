package import Domain
internal import NIOCore
package import RedisClient

/// The counters that replicas share, in Redis.
///
/// One script does one step, so that replicas never see half of one. A call's counters are taken all or none, which a
/// cluster can do only for keys of one slot: all keys begin with the same hash tag.
package struct RedisSharedCounters: SharedCounters {
    private let client: RedisClient
    private let replica: String
    private let prefix: String
    private let deadline: Duration

    /// How long a replica counts as alive after its last sign of life.
    private static let lifetimeMilliseconds: Int64 = 10_000
    /// Numbers of Lua are exact up to there: about nine million dollars.
    private static let greatest: Int64 = 1 << 53

    /// Counters of this replica, whose name no other may have, also no earlier one.
    ///
    /// - Parameters:
    ///   - client: where they are; closed by whoever made it.
    ///   - replica: this process's own name.
    ///   - prefix: what every key begins with; the same for all replicas.
    ///   - deadline: how long a call waits.
    package init(_ client: RedisClient, replica: String, prefix: String?, deadline: Duration) {
        self.client = client
        self.replica = replica
        let name = (prefix ?? "martlet").filter { $0 != "{" && $0 != "}" }
        self.prefix = "{\(name.isEmpty ? "martlet" : name)}:"
        self.deadline = deadline
    }

    package func take(_ demands: [SliceDemand]) async throws(SharedCounterError) -> SliceGrant {
        var arguments: [RedisCommand.Word] = [.text(self.replica)]
        arguments.reserveCapacity(1 + 8 * demands.count)
        for demand in demands {
            arguments += [
                Self.kind(demand.name), Self.number(demand.limit), Self.number(demand.need), Self.number(demand.want),
                Self.number(demand.known), Self.expiry(demand.expiresAt), .integer(demand.mayGoAlone ? 1 : 0),
                Self.number(demand.returning),
            ]
        }
        let names = demands.map(\.name)
        let keys = [self.replicasKey] + names.map(self.key)
        let reply = try await self.run(CounterScripts.take, keys, arguments, within: self.deadline) { late in
            self.giveBack(late, names)
        }
        guard let grant = Self.grant(reply, count: demands.count) else { throw Self.strange(reply) }
        return grant
    }

    package func give(_ returns: [SliceReturn], number: Int64) async throws(SharedCounterError) {
        let (keys, arguments) = self.giving(returns, number: number)
        _ = try await self.run(CounterScripts.give, keys, arguments, within: self.patience)
    }

    package func heartbeat(_ holdings: [Holding]) async throws(SharedCounterError) -> ReplicaCount {
        var arguments: [RedisCommand.Word] = [.text(self.replica), .integer(Self.lifetimeMilliseconds)]
        for holding in holdings {
            arguments += [
                Self.kind(holding.name), Self.number(holding.amount), Self.expiry(holding.expiresAt),
                Self.number(holding.known),
            ]
        }
        let keys = [self.replicasKey, self.numbersKey] + holdings.map { self.key($0.name) }
        let reply = try await self.run(CounterScripts.heartbeat, keys, arguments, within: self.patience)
        guard let parts = reply.elements, parts.count == 2, let count = parts[0].integer, let known = parts[1].integer
        else { throw Self.strange(reply) }
        if known == 0 { await self.load() }
        return ReplicaCount(count: Int(clamping: max(1, count)), wasKnown: known == 1)
    }

    package func leave() async {
        let command = RedisCommand("HDEL", .text(self.replicasKey), .text(self.replica), key: self.replicasKey)
        // Nobody waits for it: without it, this replica counts for some seconds more.
        _ = try? await self.client.send(command, within: self.patience)
    }

    /// For what no call waits for.
    private var patience: Duration { max(self.deadline, .milliseconds(250)) }

    /// Makes the scripts known to the server, so that no call has to bring one along.
    private func load() async {
        for script in [CounterScripts.take, CounterScripts.give] {
            let command = RedisCommand("SCRIPT", "LOAD", .text(script.source), key: self.replicasKey)
            // A call brings it along where this failed.
            _ = try? await self.client.send(command, within: self.patience)
        }
    }

    /// Rates that were taken for a call that no longer waits.
    ///
    /// Slots and money are set right by the next heartbeat that says what is held.
    private func giveBack(_ reply: RedisReply, _ names: [CounterName]) {
        guard case .granted(let slices, let at)? = Self.grant(reply, count: names.count) else { return }
        var returns: [SliceReturn] = []
        for (name, slice) in zip(names, slices) where Self.isRate(name) {
            returns.append(SliceReturn(name, unused: slice.amount, takenAt: at))
        }
        guard !returns.isEmpty else { return }
        let (keys, arguments) = self.giving(returns, number: 0)
        let command = CounterScripts.give.byDigest(keys: keys, arguments: arguments)
        self.client.send(RedisCall(command, deadline: .now() + TimeAmount.seconds(1), lane: 0) { _ in })
    }

    private func giving(_ returns: [SliceReturn], number: Int64) -> ([String], [RedisCommand.Word]) {
        var arguments: [RedisCommand.Word] = [.text(self.replica), .integer(number)]
        arguments.reserveCapacity(2 + 6 * returns.count)
        for one in returns {
            arguments += [
                Self.kind(one.name), Self.number(one.unused), Self.number(one.spent), .integer(one.takenAt / 1000),
                Self.expiry(one.expiresAt), Self.number(one.known),
            ]
        }
        return ([self.replicasKey, self.numbersKey] + returns.map { self.key($0.name) }, arguments)
    }

    private func run(
        _ script: RedisScript,
        _ keys: [String],
        _ arguments: [RedisCommand.Word],
        within limit: Duration,
        late: (@Sendable (RedisReply) -> Void)? = nil
    ) async throws(SharedCounterError) -> RedisReply {
        do throws(RedisError) {
            return try await self.client.run(script, keys: keys, arguments: arguments, within: limit, late: late)
        } catch {
            switch error {
            case .server(let answer) where !answer.isTemporary: throw .refused(answer.message)
            case .unexpectedReply(let reason): throw .refused(reason)
            default: throw .unavailable
            }
        }
    }
}

// MARK: - Words

extension RedisSharedCounters {
    private var replicasKey: String { self.prefix + "replicas" }
    private var numbersKey: String { self.prefix + "numbers" }

    /// An id may hold anything, so its length says where it ends.
    private func key(_ name: CounterName) -> String {
        var key = "\(self.prefix)\(name.resource.rawValue):\(name.kind.rawValue):\(name.id.utf8.count):\(name.id)"
        if let model = name.model { key += ":\(model)" }
        if name.resource == .budget { key += "@\(name.windowStart)/\(name.period?.description ?? "")" }
        return key
    }

    private static func isRate(_ name: CounterName) -> Bool { name.resource == .requests || name.resource == .tokens }

    private static func kind(_ name: CounterName) -> RedisCommand.Word {
        switch name.resource {
        case .requests, .tokens: "w"
        case .parallel: "p"
        case .budget: "b"
        }
    }

    private static func number(_ value: Int64) -> RedisCommand.Word { .integer(max(0, min(value, Self.greatest))) }

    /// A day after its end a budget's window is of no use to anybody.
    private static func expiry(_ seconds: Int64?) -> RedisCommand.Word {
        guard let seconds, seconds < Self.greatest / 1000 else { return .integer(0) }
        return .integer((seconds + 86_400) * 1000)
    }

    private static func grant(_ reply: RedisReply, count: Int) -> SliceGrant? {
        guard let parts = reply.elements?.map(\.integer), let kind = parts.first else { return nil }
        let numbers = parts.compactMap { $0 }
        guard numbers.count == parts.count else { return nil }
        if kind == 1, numbers.count == 2 + 2 * count {
            let slices = (0..<count).map { SliceGrant.Slice(amount: numbers[2 + 2 * $0], left: numbers[3 + 2 * $0]) }
            return .granted(slices, at: numbers[1])
        }
        guard kind == 0, numbers.count == 5, (0..<Int64(count)).contains(numbers[1]) else { return nil }
        return .refused(
            index: Int(numbers[1]),
            left: numbers[2],
            retryAfterMilliseconds: numbers[3],
            used: numbers[4]
        )
    }

    private static func strange(_ reply: RedisReply) -> SharedCounterError {
        .refused("an unexpected answer: \(reply)")
    }
}
