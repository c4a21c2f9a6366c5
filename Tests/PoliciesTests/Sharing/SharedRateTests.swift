import Domain
import Synchronization
import TestSupport
import Testing

@testable import Policies

/// Rates that replicas share.
struct SharedRateTests {
    @Test("A thousand calls at once over three replicas, strict: exactly the limit passes", arguments: [1, 3])
    func strictIsExact(replicaCount: Int) async {
        let replicas = await Replicas(replicaCount, .strict)
        let sets = replicas.sets(.with(requests: 100))
        let admitted = Tally()
        let refused = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                let replica = number % replicaCount
                group.addTask {
                    switch await replicas.admit(replica, [sets[replica]]) {
                    case .admitted(let reservation):
                        admitted.add(1)
                        reservation.settle(tokens: 1, cost: nil)
                    case .refused(let refusal):
                        #expect(refusal.reason == .exhausted && refusal.limit == 100 && refusal.used == 100)
                        refused.add(1)
                    case .needsShared: Issue.record("never decided")
                    }
                }
            }
        }
        #expect(admitted.value == 100)
        #expect(refused.value == 900)
    }

    /// What passed, in virtual time.
    private struct Passed {
        var calls: [(at: Int64, amount: Int64)] = []

        /// The most within any 60 seconds.
        var most: Int64 {
            var (most, sum, first) = (Int64(0), Int64(0), 0)
            for call in self.calls {
                sum += call.amount
                while call.at - self.calls[first].at >= 60_000 {
                    sum -= self.calls[first].amount
                    first += 1
                }
                most = max(most, sum)
            }
            return most
        }
    }

    /// Random calls on random replicas for some minutes; estimates of tokens are corrected, some calls withdrawn.
    private func run(
        _ precision: SharedQuotaSettings.Precision,
        seed: UInt64,
        limit: Int64,
        pressure: ClosedRange<Int64>
    ) async -> (passed: Passed, tokens: Passed, replicas: Int) {
        var random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...5, using: &random)
        let replicas = await Replicas(count, precision, seed: seed)
        let sets = replicas.sets(.with(requests: limit, tokens: limit * 10))
        var (passed, tokens) = (Passed(), Passed())
        let end = replicas.server.now.milliseconds + 100_000
        var nextTend: Int64 = 0
        while replicas.server.now.milliseconds < end {
            replicas.server.pass(Int64.random(in: pressure, using: &random))
            let now = replicas.server.now.milliseconds
            if now >= nextTend {
                await replicas.tend()
                nextTend = now + 50
            }
            let replica = Int.random(in: 0..<count, using: &random)
            let estimate = Int64.random(in: 1...15, using: &random)
            guard case .admitted(let call) = await replicas.admit(replica, [sets[replica]], tokens: estimate) else {
                continue
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                call.withdraw()
                continue
            }
            let used = Int64.random(in: 1...estimate, using: &random)
            call.settle(tokens: used, cost: nil)
            passed.calls.append((now, 1))
            tokens.calls.append((now, used))
        }
        return (passed, tokens, count)
    }

    @Test("Strict: never more than the limit within any 60 seconds", arguments: 0..<40)
    func strictHolds(seed: UInt64) async {
        let limit: Int64 = [1, 7, 60, 300][Int(seed % 4)]
        let (passed, tokens, _) = await self.run(.strict, seed: seed, limit: limit, pressure: 0...(60_000 / limit))
        #expect(passed.most <= limit)
        #expect(tokens.most <= limit * 10)
    }

    @Test("Lease: never more than the limit and one slice of each replica within any 60 seconds", arguments: 0..<40)
    func leaseHolds(seed: UInt64) async {
        let limit: Int64 = [20, 60, 200, 600][Int(seed % 4)]
        let (passed, tokens, count) = await self.run(
            .lease,
            seed: seed,
            limit: limit,
            pressure: 0...(60_000 / limit)
        )
        let bound = Int64(count) * (limit / (20 * Int64(count)))
        #expect(passed.most <= limit + bound)
        #expect(tokens.most <= limit * 10 + Int64(count) * (limit * 10 / (20 * Int64(count))))
        // Slices are no waste either.
        #expect(passed.most >= limit * 9 / 10 || tokens.most >= limit * 9)
    }

    @Test("Lease: most calls ask nobody")
    func leaseSparesQuestions() async {
        let replicas = await Replicas(3, .lease)
        let sets = replicas.sets(.with(requests: 60_000))
        var admitted = 0
        for number in 0..<3000 {
            if case .admitted(let call) = await replicas.admit(number % 3, [sets[number % 3]]) {
                admitted += 1
                call.settle(tokens: 1, cost: nil)
            }
            replicas.server.pass(2)
            if number % 25 == 0 { await replicas.tend() }
        }
        #expect(admitted == 3000)
        #expect(replicas.server.state.withLock { $0.takes } < 300)
    }

    @Test("Of several limits all or none are taken, and what one refuses goes back to the others")
    func takesAllOrNone() async {
        let replicas = await Replicas(2, .strict)
        let (narrow, wide) = (replicas.sets(.with(requests: 3), "narrow"), replicas.sets(.with(requests: 50), "wide"))
        for number in 0..<20 {
            let replica = number % 2
            let verdict = await replicas.admit(replica, [wide[replica], narrow[replica]])
            #expect((verdict.refusal == nil) == (number < 3))
        }
        replicas.server.pass(100)
        await replicas.tend()
        let used = replicas.server.state.withLock { state in
            state.rates.filter { $0.key.id == "wide" }.values.reduce(0) { $0 + $1.values.reduce(0, +) }
        }
        #expect(used == 3)
    }
}
