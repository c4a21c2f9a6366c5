import Domain
import NIOPosix
import RedisClient
import TestSupport
import Testing

@testable import Stores

/// The scripts, on a real server.
@Suite(.serialized)
struct RedisSharedCountersTests {
    private static let requests = CounterName(.requests, .key, "a:b{c}")
    private static let slots = CounterName(.parallel, .key, "é")
    private static let budget = CounterName(
        .budget,
        .team,
        "t",
        windowStart: 1000,
        period: BudgetPeriod(amount: 1, unit: .days)
    )

    /// Runs a test with two replicas.
    private func withReplicas(
        _ body: (RedisServer, RedisSharedCounters, RedisSharedCounters) async throws -> Void
    ) async throws {
        let server = try RedisServer()
        let endpoint = RedisEndpoint(host: "127.0.0.1", port: server.port)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let client = try RedisClient(RedisConfiguration(.single(endpoint)), on: loop) { _ in }
        defer { client.close() }
        let replicas = ["one", "two"].map {
            RedisSharedCounters(client, replica: $0, prefix: "test", deadline: .seconds(5))
        }
        for replica in replicas { _ = try await replica.heartbeat([]) }
        try await body(server, replicas[0], replicas[1])
    }

    private func expect(_ grant: SliceGrant, amounts: [Int64], left: [Int64]) {
        guard case .granted(let slices, _) = grant else {
            Issue.record("\(grant)")
            return
        }
        #expect(slices.map(\.amount) == amounts)
        #expect(slices.map(\.left) == left)
    }

    @Test("Replicas are counted while they say that they live")
    func countsReplicas() async throws {
        try await self.withReplicas { server, one, two in
            let count = try await one.heartbeat([])
            #expect(count == ReplicaCount(count: 2, wasKnown: true))
            await two.leave()
            let after = try await one.heartbeat([])
            #expect(after == ReplicaCount(count: 1, wasKnown: true))
            try server.command("FLUSHALL")
            let anew = try await one.heartbeat([])
            #expect(anew == ReplicaCount(count: 1, wasKnown: false))
        }
    }

    @Test("A rate grants up to its limit, says when more fits, and takes back what was unused")
    func rates() async throws {
        try await self.withReplicas { _, one, two in
            let demand = SliceDemand(Self.requests, limit: 100, need: 10, want: 60)
            let first = try await one.take([demand])
            self.expect(first, amounts: [60], left: [40])
            let second = try await two.take([demand])
            self.expect(second, amounts: [40], left: [0])
            guard case .refused(0, 0, let retry, 100) = try await one.take([demand]) else {
                Issue.record("not refused")
                return
            }
            #expect((1...61_000).contains(retry))
            guard case .granted(_, let at) = first else { return }
            try await one.give([SliceReturn(Self.requests, unused: 25, takenAt: at)], number: 1)
            // A batch that is sent again counts once.
            try await one.give([SliceReturn(Self.requests, unused: 25, takenAt: at)], number: 1)
            let third = try await two.take([demand])
            self.expect(third, amounts: [25], left: [0])
            // More than the limit was used without having been asked for.
            try await one.give([SliceReturn(Self.requests, unused: 30, spent: 50, takenAt: at)], number: 2)
            let fourth = try await two.take([demand])
            #expect(fourth == .refused(index: 0, left: 0, retryAfterMilliseconds: Self.retry(fourth), used: 120))
        }
    }

    private static func retry(_ grant: SliceGrant) -> Int64 {
        if case .refused(_, _, let retry, _) = grant { retry } else { -1 }
    }

    @Test("Several counters: all or none")
    func allOrNone() async throws {
        try await self.withReplicas { _, one, two in
            let slot = SliceDemand(Self.slots, limit: 1, need: 1, want: 1)
            let request = SliceDemand(Self.requests, limit: 100, need: 1, want: 1)
            let money = SliceDemand(Self.budget, limit: 50, need: 20, want: 20)
            let first = try await one.take([request, money, slot])
            self.expect(first, amounts: [1, 20, 1], left: [99, 30, 0])
            let refused = try await two.take([request, money, slot])
            #expect(refused == .refused(index: 2, left: 0, retryAfterMilliseconds: 0, used: 1))
            let other = try await two.take([request, money])
            self.expect(other, amounts: [1, 20], left: [98, 10])
            // What a replica really holds wins over what was counted.
            _ = try await one.heartbeat([Holding(Self.slots, amount: 0), Holding(Self.budget, amount: 5)])
            let last = try await two.take([money, slot])
            self.expect(last, amounts: [20, 1], left: [5, 0])
        }
    }

    @Test("Money moves from set aside to spent; the first to come says what the ledger knows")
    func budgets() async throws {
        try await self.withReplicas { _, one, two in
            var demand = SliceDemand(Self.budget, limit: 1000, need: 100, want: 300, known: 150)
            let first = try await one.take([demand])
            self.expect(first, amounts: [300], left: [550])
            demand.known = 900
            demand.need = 600
            demand.want = 600
            let tooMuch = try await two.take([demand])
            #expect(tooMuch == .refused(index: 0, left: 550, retryAfterMilliseconds: 0, used: 150))
            try await one.give([SliceReturn(Self.budget, unused: 300, spent: 250)], number: 1)
            let second = try await two.take([demand])
            self.expect(second, amounts: [600], left: [0])
            // Alone goes who finds nothing set aside, also by himself.
            demand.need = 5000
            demand.want = 5000
            demand.mayGoAlone = true
            let notAlone = try await one.take([demand])
            #expect(notAlone == .refused(index: 0, left: 0, retryAfterMilliseconds: 0, used: 400))
            demand.returning = 600
            let alone = try await two.take([demand])
            self.expect(alone, amounts: [600], left: [0])
            try await two.give([SliceReturn(Self.budget, unused: 600, spent: 700)], number: 1)
            demand.returning = 0
            let over = try await two.take([demand])
            #expect(over == .refused(index: 0, left: 0, retryAfterMilliseconds: 0, used: 1100))
        }
    }

    @Test("Amounts of millions of dollars are exact")
    func largeAmounts() async throws {
        try await self.withReplicas { _, one, _ in
            let million: Int64 = 1_000_000_000_000_000
            let demand = SliceDemand(Self.budget, limit: 5 * million, need: million + 1, want: million + 1)
            let first = try await one.take([demand])
            self.expect(first, amounts: [million + 1], left: [4 * million - 1])
            try await one.give([SliceReturn(Self.budget, unused: million + 1, spent: million - 7)], number: 1)
            let second = try await one.take([demand])
            self.expect(second, amounts: [million + 1], left: [3 * million + 6])
        }
    }

    @Test("Every key expires, and all lie in one slot of a cluster")
    func keysExpire() async throws {
        try await self.withReplicas { server, one, _ in
            _ = try await one.take([
                SliceDemand(Self.requests, limit: 10, need: 1, want: 1),
                SliceDemand(Self.slots, limit: 10, need: 1, want: 1),
                SliceDemand(Self.budget, limit: 10, need: 1, want: 1, expiresAt: 4_000_000_000),
                SliceDemand(CounterName(.budget, .user, "u"), limit: 10, need: 1, want: 1),
            ])
            try await one.give([SliceReturn(Self.requests, spent: 1)], number: 1)
            let keys = try server.command("KEYS", "*").split(separator: "\n").map(String.init)
            #expect(keys.count == 6)
            for key in keys {
                let left = try server.command("TTL", key).split(separator: "\n").first.flatMap { Int($0) } ?? -1
                #expect(left > 0, "\(key)")
                #expect(key.hasPrefix("{test}:"))
            }
        }
    }

    @Test("A server that refuses says why; one that is away does not")
    func tellsErrorsApart() async throws {
        try await self.withReplicas { server, one, _ in
            let demand = SliceDemand(Self.requests, limit: 10, need: 1, want: 1)
            try server.command("SET", "{test}:requests:key:6:a:b{c}", "no hash")
            await #expect {
                _ = try await one.take([demand])
            } throws: { error in
                if case .refused(let text) = error as? SharedCounterError { text.contains("WRONGTYPE") } else { false }
            }
            server.interrupt()
            await #expect(throws: SharedCounterError.unavailable) { _ = try await one.take([demand]) }
        }
    }
}
