import Domain
import Testing

@testable import Policies

/// What an earlier process had counted holds in the next, which cannot ask the ledger.
struct KeptSpendTests {
    private let hour = BudgetPeriod(amount: 1, unit: .hours)

    private func spend(_ quotas: Quotas, _ set: LimitSet, _ cost: Int64, at now: WallTime = .start) throws {
        let reservation = try #require(quotas.reserve([set], cost: cost, at: now).reservation)
        reservation.settle(tokens: 1, cost: NanoDollars(cost))
    }

    private func next(_ quotas: Quotas, at now: WallTime) -> Quotas {
        let next = Quotas()
        next.seed(kept: quotas.keptSpend(at: now), at: now)
        return next
    }

    @Test func spendHoldsInTheNextProcess() throws {
        let first = Quotas()
        var values = LimitValues.with(budget: 100)
        values.budgets.append(BudgetLimit(limit: NanoDollars(60), period: self.hour))
        try self.spend(first, first.set("a", values), 50)
        let next = self.next(first, at: .start)
        let set = next.set("a", values)
        #expect(Usage(set).spent == [50, 50])
        #expect(next.reserve([set], cost: 11).refusal?.period == self.hour)
        // The hour is over, the lifetime is not.
        let later = WallTime.start.adding(3_600_000)
        let much = self.next(first, at: later)
        #expect(Usage(much.set("a", values, at: later), at: later).spent == [50, 0])
        #expect(much.reserve([much.set("a", values, at: later)], cost: 51, at: later).refusal?.period == nil)
    }

    @Test func whatALaterLedgerKnowsCountsWhereItIsMore() throws {
        let first = Quotas()
        try self.spend(first, first.set("a", .with(budget: 100)), 50)
        let next = self.next(first, at: .start)
        let set = next.set("a", .with(budget: 100))
        for (known, spent) in [(40, 50), (70, 70)] as [(Int64, Int64)] {
            let sums = [SubjectSpend(kind: .key, id: "a", model: nil, spend: NanoDollars(known))]
            next.seed(sums, period: nil, start: .distantPast, opens: true, at: .start)
            #expect(Usage(set).spent == [spent])
        }
    }

    @Test func whatWasResetStaysReset() throws {
        let first = Quotas()
        let set = first.set("a", .with(budget: 100, period: self.hour))
        try self.spend(first, set, 90)
        let reset = WallTime.start.adding(1000)
        first.reset(.key, "a", at: reset)
        try self.spend(first, set, 7, at: reset.adding(1))
        let next = self.next(first, at: reset.adding(2))
        #expect(Usage(next.set("a", .with(budget: 100, period: self.hour), at: reset.adding(3))).spent == [7])
    }
}
