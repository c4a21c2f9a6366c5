import Domain
import Synchronization
import TestSupport
import Testing

@testable import Policies

/// Parallel limits and budgets that replicas share.
struct SharedGaugeTests {
    @Test(
        "Never more at once than may, whatever the schedule, and every slot comes back",
        arguments: SharedQuotaSettings.Precision.allCases,
        [0, 15]
    )
    func parallelHolds(precision: SharedQuotaSettings.Precision, loses: Int) async {
        let replicas = await Replicas(3, precision, seed: 5, loses: loses)
        let limit = 61
        let sets = replicas.sets(.with(parallel: Int64(limit)))
        let running = Tally()
        let greatest = Tally()
        let isOver = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<150 {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(number))
                    for _ in 0..<30 {
                        let replica = number % 3
                        guard case .admitted(let call) = await replicas.admit(replica, [sets[replica]]) else {
                            await Task.yield()
                            continue
                        }
                        greatest.raise(to: running.add(1))
                        for _ in 0..<Int.random(in: 0..<6, using: &random) { await Task.yield() }
                        running.add(-1)
                        if Bool.random(using: &random) { call.release() } else { call.withdraw() }
                    }
                }
            }
            group.addTask {
                while isOver.value == 0 {
                    replicas.server.pass(7)
                    try? await Task.sleep(for: .milliseconds(1))
                    await replicas.tend()
                }
            }
            for _ in 0..<150 { await group.next() }
            isOver.add(1)
        }
        #expect(greatest.value <= Int64(limit))
        #expect(greatest.value > 1)
        replicas.server.state.withLock { $0.loses = 0 }
        for _ in 0..<5 {
            replicas.server.pass(1000)
            await replicas.tend()
        }
        #expect(replicas.server.slotsHeld() == 0)
    }

    @Test("A slot is at once another replica's when its call is over")
    func slotsWander() async {
        let replicas = await Replicas(3, .lease)
        let sets = replicas.sets(.with(parallel: 1))
        for number in 0..<30 {
            let replica = number % 3
            let call = await replicas.admit(replica, [sets[replica]]).reservation
            #expect(call != nil)
            let other = await replicas.admit((replica + 1) % 3, [sets[(replica + 1) % 3]])
            #expect(other.refusal?.resource == .parallel)
            call?.release()
            replicas.server.pass(SharedQuotaSettings.graceMilliseconds)
            await replicas.all[replica].tend(at: replicas.server.now)
        }
    }

    @Test("The slots of a replica that was killed come back after ten seconds, and not before")
    func slotsOfTheDeadReturn() async {
        let replicas = await Replicas(2, .strict)
        let sets = replicas.sets(.with(parallel: 2))
        let calls = [await replicas.admit(0, [sets[0]]), await replicas.admit(0, [sets[0]])]
        #expect(calls.allSatisfy { $0.reservation != nil })
        for second in 0..<11 {
            let verdict = await replicas.admit(1, [sets[1]])
            #expect((verdict.reservation != nil) == (second >= 9), "second \(second)")
            verdict.reservation?.release()
            replicas.server.pass(1000)
            await replicas.all[1].tend(at: replicas.server.now)
        }
        // It was only slow: it says again what it holds.
        await replicas.all[0].tend(at: replicas.server.now)
        #expect(await replicas.admit(1, [sets[1]]).refusal != nil)
        _ = calls
    }

    @Test(
        "Spent and set aside never exceed the budget, and nine tenths of it can be used",
        arguments: SharedQuotaSettings.Precision.allCases,
        [0, 15]
    )
    func budgetHolds(precision: SharedQuotaSettings.Precision, loses: Int) async {
        let budget: Int64 = 1_000_000_000
        let replicas = await Replicas(3, precision, seed: 9, loses: loses)
        let sets = replicas.sets(.with(budget: budget, period: BudgetPeriod(amount: 30, unit: .days)))
        let spent = Tally()
        let isOver = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<90 {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(number))
                    let replica = number % 3
                    for _ in 0..<40 {
                        let bound = Int64.random(in: 1_000_000...10_000_000, using: &random)
                        guard case .admitted(let call) = await replicas.admit(replica, [sets[replica]], cost: bound)
                        else {
                            await Task.yield()
                            continue
                        }
                        for _ in 0..<Int.random(in: 0..<6, using: &random) { await Task.yield() }
                        let cost = Int64.random(in: 0...bound, using: &random)
                        spent.add(cost)
                        call.settle(tokens: 1, cost: NanoDollars(cost))
                    }
                }
            }
            group.addTask {
                while isOver.value == 0 {
                    replicas.server.pass(7)
                    try? await Task.sleep(for: .milliseconds(1))
                    await replicas.tend()
                    let all = sets.reduce(Int64(0)) { sum, set in
                        let usage = Usage(set, at: replicas.server.now)
                        return sum + usage.spent[0] + usage.reserved[0]
                    }
                    #expect(all <= budget)
                }
            }
            for _ in 0..<90 { await group.next() }
            isOver.add(1)
        }
        replicas.server.state.withLock { $0.loses = 0 }
        for _ in 0..<5 {
            replicas.server.pass(1000)
            await replicas.tend()
        }
        let total = spent.value
        #expect(total <= budget)
        #expect(total >= budget * 9 / 10)
        #expect(replicas.server.spent() == total)
        #expect(replicas.server.reserved() == 0)
    }

    @Test("Without max_tokens one call at a time goes alone, and spend exceeds the budget by no more than it costs")
    func goesAlone() async {
        let replicas = await Replicas(3, .lease)
        let sets = replicas.sets(.with(budget: 1000))
        var spent: Int64 = 0
        for number in 0..<60 {
            let replica = number % 3
            let verdict = await replicas.admit(replica, [sets[replica]], cost: 5000, hasMaxTokens: false)
            guard let call = verdict.reservation else { break }
            let other = await replicas.admit(
                (replica + 1) % 3,
                [sets[(replica + 1) % 3]],
                cost: 5000,
                hasMaxTokens: false
            )
            #expect(other.refusal?.reason == .reserved)
            spent += 30
            call.settle(tokens: 1, cost: NanoDollars(30))
            replicas.server.pass(SharedQuotaSettings.graceMilliseconds)
            await replicas.tend()
        }
        #expect((1000..<1030).contains(spent))
        let refusal = await replicas.admit(0, [sets[0]], cost: 1).refusal
        #expect(refusal?.reason == .exhausted && refusal?.used == spent)
    }
}
