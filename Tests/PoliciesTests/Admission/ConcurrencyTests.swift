import Domain
import Synchronization
import Testing
import TestSupport

@testable import Policies

/// Many threads at once on the same counters.
struct ConcurrencyTests {
    private let quotas = Quotas()
    private static let threads = 16

    private func everyThread(_ body: @escaping @Sendable (Int) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<Self.threads { group.addTask { body(thread) } }
        }
    }

    @Test(arguments: [LimitValues.with(requests: 1000), .with(tokens: 7000)])
    func exactlyTheLimitPasses(_ values: LimitValues) async {
        let set = self.quotas.set("a", values)
        let admitted = Atomic(0)
        await self.everyThread { _ in
            for _ in 0..<500
            where self.quotas.reserve([set], tokens: 7).reservation.map({ $0.settle(tokens: 7, cost: nil) }) != nil {
                admitted.add(1, ordering: .relaxed)
            }
        }
        #expect(admitted.load(ordering: .relaxed) == 1000)
    }

    @Test func noMoreRunAtOnceThanMayAndEverySlotComesBack() async {
        let set = self.quotas.set("a", .with(parallel: 5))
        let running = Atomic(0)
        let greatest = Atomic(0)
        await self.everyThread { thread in
            var random = SeededRandom(seed: UInt64(thread))
            var held: [Reservation] = []
            for _ in 0..<2000 {
                if Bool.random(using: &random), let reservation = self.quotas.reserve([set]).reservation {
                    let count = running.add(1, ordering: .relaxed).newValue
                    greatest.max(count, ordering: .relaxed)
                    held.append(reservation)
                } else if let last = held.popLast() {
                    running.subtract(1, ordering: .relaxed)
                    Self.end(last, using: &random)
                }
            }
            for reservation in held {
                running.subtract(1, ordering: .relaxed)
                Self.end(reservation, using: &random)
            }
        }
        #expect(greatest.load(ordering: .relaxed) == 5)
        #expect(Usage(set).parallel == 0)
    }

    private static func end(_ reservation: Reservation, using random: inout SeededRandom) {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: reservation.settle(tokens: 1, cost: .zero)
        case 1: reservation.release()
        default: reservation.withdraw()
        }
    }

    /// Threads ask for the sets in different orders, are refused by either, and end their calls in every way.
    @Test func ofSeveralSetsAllOrNoneHoldAndNothingLeaks() async {
        let sets = [
            self.quotas.set("a", .with(requests: 100_000, tokens: 5000, parallel: 30, budget: 5000)),
            self.quotas.set("b", .with(requests: 3000, tokens: 100_000, parallel: 7, budget: 4000)),
            self.quotas.set("c", .with(requests: 2000, tokens: 60_000, budget: 100_000)),
        ]
        let kept = Atomic(0)
        let spent = Atomic(0)
        await self.everyThread { thread in
            var random = SeededRandom(seed: UInt64(thread))
            for _ in 0..<1000 {
                let order = sets.shuffled(using: &random)
                guard let one = self.quotas.reserve(order, tokens: 3, cost: 2).reservation else { continue }
                let other = self.quotas.reserve(order, tokens: 1, cost: 1).reservation
                one.settle(tokens: 1, cost: NanoDollars(1))
                kept.add(other == nil ? 1 : 2, ordering: .relaxed)
                spent.add(1, ordering: .relaxed)
                other?.release()
            }
        }
        for set in sets {
            let usage = Usage(set)
            #expect(usage.requests == Int64(kept.load(ordering: .relaxed)))
            #expect(usage.tokens == Int64(spent.load(ordering: .relaxed)))
            #expect(usage.spent == [Int64(spent.load(ordering: .relaxed))])
            #expect(usage.reserved == [0])
            #expect(usage.parallel == 0)
        }
    }

    /// A dollar, calls of a cent, many callers: all of it can be spent and not a cent more.
    @Test(arguments: [true, false])
    func aBudgetIsSpentAndNotOverspent(_ hasMaxTokens: Bool) async {
        let cent: Int64 = 10_000_000
        let set = self.quotas.set("a", .with(budget: 100 * cent))
        await self.everyThread { thread in
            var random = SeededRandom(seed: UInt64(thread))
            for _ in 0..<1000 {
                let bound = hasMaxTokens ? cent : Int64.random(in: cent...(500 * cent), using: &random)
                let verdict = self.quotas.reserve([set], cost: bound, hasMaxTokens: hasMaxTokens)
                verdict.reservation?.settle(tokens: 1, cost: NanoDollars(cent))
            }
        }
        let budgets = self.quotas.spend(of: set.subject, at: .start)
        #expect(budgets?.accounts.first?.spent == NanoDollars(100 * cent))
        #expect(budgets?.accounts.first?.reserved == .zero)
        #expect(budgets?.total == NanoDollars(100 * cent))
    }

    @Test func setsMadeAndDroppedMeanwhileKeepTheirCounters() async {
        let admitted = Atomic(0)
        await self.everyThread { thread in
            for turn in 0..<500 {
                let set = self.quotas.set("a", .with(requests: 1000))
                if self.quotas.reserve([set]).reservation != nil { admitted.add(1, ordering: .relaxed) }
                if turn % 10 == thread % 10 { self.quotas.evict(at: .start, idleMilliseconds: 0, keepsSpend: true) }
            }
        }
        #expect(admitted.load(ordering: .relaxed) == 1000)
    }
}
