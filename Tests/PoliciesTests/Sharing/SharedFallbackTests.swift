import Domain
import Synchronization
import TestSupport
import Testing

@testable import Policies

/// What holds while the shared counters do not answer.
struct SharedFallbackTests {
    private func admitted(_ replicas: Replicas, _ sets: [LimitSet], calls: Int) async -> [Int] {
        var admitted = [Int](repeating: 0, count: sets.count)
        for number in 0..<calls {
            let replica = number % sets.count
            if case .admitted(let call) = await replicas.admit(replica, [sets[replica]]) {
                admitted[replica] += 1
                call.settle(tokens: 1, cost: nil)
            }
        }
        return admitted
    }

    @Test(
        "The declared mode holds while they are away",
        arguments: [
            (SharedQuotaSettings.Fallback.failOpen, [90, 90, 90]), (.failClosed, [0, 0, 0]), (.local, [30, 30, 30]),
        ]
    )
    func modeHolds(mode: SharedQuotaSettings.Fallback, expected: [Int]) async {
        let replicas = await Replicas(3, .strict, fallback: mode)
        let sets = replicas.sets(.with(requests: 90))
        replicas.server.setDown(true)
        #expect(await self.admitted(replicas, sets, calls: 600) == expected)
        if mode == .failClosed {
            #expect(await replicas.admit(0, [sets[0]]).refusal?.reason == .unavailable)
        }
        // One report of each replica, whatever the number of calls; and one when they are back.
        #expect(replicas.changes.all.withLock { $0.filter { $0 == .away(.unavailable) }.count } == 3)
        replicas.server.setDown(false)
        for _ in 0..<3 {
            replicas.server.pass(1000)
            await replicas.tend()
        }
        #expect(replicas.changes.all.withLock { $0.filter { $0 == .there(replicas: 3) }.count } >= 3)
        #expect(replicas.changes.all.withLock { $0.count } == 9)
        // What passed meanwhile counts now.
        let passed = expected.reduce(0, +)
        let more = await self.admitted(replicas, sets, calls: 300).reduce(0, +)
        #expect(more == max(0, 90 - passed))
    }

    @Test("While nobody answers, calls do not ask")
    func callsDoNotAsk() async {
        let replicas = await Replicas(1, .strict, fallback: .failOpen)
        let sets = replicas.sets(.with(requests: 1000))
        replicas.server.setDown(true)
        _ = await self.admitted(replicas, sets, calls: 3)
        let demand = Demand([sets[0]], tokens: 1, costBound: .zero, hasMaxTokens: true, now: replicas.server.now)
        for _ in 0..<100 { #expect(replicas.all[0].admit(demand).reservation != nil) }
    }

    @Test("Money: each replica may spend its part of what was left, however long they are away")
    func localBudget() async {
        let replicas = await Replicas(4, .strict, fallback: .local)
        let sets = replicas.sets(.with(budget: 1000))
        let first = await replicas.admit(0, [sets[0]], cost: 200).reservation
        first?.settle(tokens: 1, cost: NanoDollars(200))
        await replicas.tend()
        // All have been told what is left.
        for replica in 0..<4 { await replicas.admit(replica, [sets[replica]], cost: 1).reservation?.release() }
        replicas.server.pass(100)
        await replicas.tend()
        replicas.server.setDown(true)
        var spent: [Int64] = [200, 0, 0, 0]
        for number in 0..<4000 {
            let replica = number % 4
            guard let call = await replicas.admit(replica, [sets[replica]], cost: 7).reservation else { continue }
            spent[replica] += 7
            call.settle(tokens: 1, cost: NanoDollars(7))
        }
        #expect(spent.reduce(0, +) <= 1000)
        #expect(spent[1...].allSatisfy { (180...200).contains($0) }, "\(spent)")
        replicas.server.setDown(false)
        for _ in 0..<3 {
            replicas.server.pass(1000)
            await replicas.tend()
        }
        #expect(replicas.server.spent() == spent.reduce(0, +))
        #expect(replicas.server.reserved() == 0)
    }

    @Test("Money: an answer that comes late lets nobody spend what others have", arguments: 1...40)
    func lateAnswers(seed: UInt64) async {
        let replicas = await Replicas(3, .lease, fallback: .local, seed: seed)
        replicas.server.state.withLock { $0.loses = 15 }
        let sets = replicas.sets(.with(budget: 1000))
        var spent: Int64 = 0
        for number in 0..<600 {
            let replica = number % 3
            guard let call = await replicas.admit(replica, [sets[replica]], cost: 7).reservation else { continue }
            spent += 7
            call.settle(tokens: 1, cost: NanoDollars(7))
            guard number % 60 == 0 else { continue }
            replicas.server.pass(1000)
            await replicas.tend()
        }
        #expect((900...1000).contains(spent), "\(spent)")
    }

    @Test("Calls under way while they are away are counted when they are back")
    func slotsAreDeclared() async {
        let replicas = await Replicas(2, .lease, fallback: .failOpen)
        let sets = replicas.sets(.with(parallel: 3))
        replicas.server.setDown(true)
        var calls: [Reservation] = []
        for _ in 0..<3 { if let call = await replicas.admit(0, [sets[0]]).reservation { calls.append(call) } }
        #expect(calls.count == 3)
        replicas.server.setDown(false)
        for _ in 0..<3 {
            replicas.server.pass(1000)
            await replicas.tend()
        }
        #expect(replicas.server.slotsHeld() == 3)
        #expect(await replicas.admit(1, [sets[1]]).refusal?.resource == .parallel)
        for call in calls { call.release() }
        replicas.server.pass(1000)
        await replicas.tend()
        #expect(replicas.server.slotsHeld() == 0)
        #expect(await replicas.admit(1, [sets[1]]).reservation != nil)
    }

    @Test("A server that lost everything is told anew")
    func survivesDataLoss() async {
        let replicas = await Replicas(2, .strict)
        let sets = replicas.sets(.with(parallel: 2, budget: 1000))
        let call = await replicas.admit(0, [sets[0]], cost: 300).reservation
        await replicas.admit(0, [sets[0]], cost: 100).reservation?.settle(tokens: 1, cost: NanoDollars(100))
        replicas.server.pass(1000)
        await replicas.tend()
        replicas.server.state.withLock { state in
            (state.slots, state.budgets, state.rates, state.alive, state.numbers) = ([:], [:], [:], [:], [:])
        }
        replicas.server.pass(1000)
        await replicas.tend()
        #expect(replicas.server.slotsHeld() == 1)
        #expect(replicas.server.reserved() == 300 && replicas.server.spent() == 100)
        call?.settle(tokens: 1, cost: NanoDollars(250))
        replicas.server.pass(1000)
        await replicas.tend()
        #expect(replicas.server.reserved() == 0 && replicas.server.spent() == 350)
    }
}
