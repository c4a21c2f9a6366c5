import Domain
import Testing

@testable import Policies

struct SpendTests {
    private let quotas = Quotas()
    private let hour = BudgetPeriod(amount: 1, unit: .hours)

    private func spend(_ set: LimitSet, _ cost: Int64, at now: WallTime = .start) throws {
        let reservation = try #require(self.quotas.reserve([set], cost: cost, at: now).reservation)
        reservation.settle(tokens: 1, cost: NanoDollars(cost))
    }

    private func spends(_ id: String, _ amount: Int64) -> [SubjectSpend] {
        [SubjectSpend(kind: .key, id: id, model: nil, spend: NanoDollars(amount))]
    }

    @Test func asksTheLedgerOnceAboutABudgetsWindow() throws {
        let set = self.quotas.set("a", .with(budget: 100, period: self.hour))
        #expect(set.unseeded(at: .start) == [UnseededBudget(period: self.hour, start: .start)])
        self.quotas.seed(self.spends("a", 95), period: self.hour, start: .start, opens: false, at: .start)
        #expect(set.unseeded(at: .start).isEmpty)
        #expect(self.quotas.reserve([set], cost: 6).refusal?.resource == .budget)
        #expect(self.quotas.reserve([set], cost: 5).reservation != nil)
    }

    @Test func aSeedOpensCountersOnlyWhereItIsToldTo() {
        self.quotas.seed(self.spends("a", 5), period: nil, start: .distantPast, opens: false, at: .start)
        #expect(self.quotas.count == 0)
        self.quotas.seed(self.spends("a", 5), period: nil, start: .distantPast, opens: true, at: .start)
        let set = self.quotas.set("a", .with(budget: 100))
        #expect(set.unseeded(at: .start).isEmpty)
        #expect(Usage(set).spent == [5])
        #expect(self.quotas.spend(of: set.subject, at: .start)?.total == NanoDollars(5))
    }

    @Test func budgetsOfSeveralPeriodsHoldAtOnceAndRollOnTheirOwn() throws {
        var values = LimitValues()
        values.budgets = [
            BudgetLimit(limit: NanoDollars(100), period: nil), BudgetLimit(limit: NanoDollars(60), period: self.hour),
        ]
        let set = self.quotas.set("a", values)
        try self.spend(set, 60)
        let refusal = try #require(self.quotas.reserve([set], cost: 1).refusal)
        #expect(refusal.period == self.hour)
        #expect(refusal.reason == .exhausted)
        #expect(refusal.resetAt == .start.adding(3_600_000))
        #expect(refusal.retryAfterMilliseconds == 3_600_000)
        let later = WallTime.start.adding(3_600_000)
        #expect(self.quotas.reserve([set], cost: 41, at: later).refusal?.period == nil)
        try self.spend(set, 40, at: later)
        let last = try #require(self.quotas.reserve([set], cost: 1, at: later).refusal)
        #expect(last.resetAt == nil)
        #expect(last.retryAfterMilliseconds == nil)
        #expect(
            self.quotas.spend(of: set.subject, at: later)?.accounts.map(\.spent)
                == [NanoDollars(100), NanoDollars(40)]
        )
    }

    @Test func aResetFreesAllOfASubjectsBudgetsAndKeepsTheTotal() throws {
        let set = self.quotas.set("a", .with(budget: 100))
        let model = self.quotas.limits(
            of: QuotaSubject(.key, "a", model: "gpt"),
            label: "a",
            .with(budget: 100),
            at: .start
        )
        let other = self.quotas.set("b", .with(budget: 100))
        for one in [set, model, other] { try self.spend(one, 100) }
        let now = WallTime.start.adding(1)
        self.quotas.reset(.key, "a", at: now)
        #expect(self.quotas.reserve([set, model], cost: 100, at: now).reservation != nil)
        #expect(self.quotas.reserve([other], cost: 1, at: now).refusal != nil)
        #expect(self.quotas.spend(of: set.subject, at: now)?.total == NanoDollars(100))
        // The set that is made from the record finds the reset done.
        var values = LimitValues.with(budget: 100)
        values.resetAt = now
        try self.spend(set, 30, at: now)
        #expect(Usage(self.quotas.set("a", values, at: now)).spent == [30])
    }

    @Test func aResetElsewhereTakesHoldWithTheNextSetAndIsSeededAnew() throws {
        let set = self.quotas.set("a", .with(budget: 100))
        try self.spend(set, 100)
        var values = LimitValues.with(budget: 100)
        values.resetAt = .start.adding(-5)
        let next = self.quotas.set("a", values)
        #expect(Usage(next).spent == [0])
        #expect(next.unseeded(at: .start) == [UnseededBudget(period: nil, start: .start.adding(-5))])
    }

    @Test func saysTheMostThatACallMayCost() throws {
        let wide = self.quotas.set("wide", .with(requests: 5, budget: 1000))
        let narrow = self.quotas.set("narrow", .with(budget: 100))
        let free = self.quotas.set("free", .with(requests: 5))
        func affordable(_ sets: [LimitSet]) -> NanoDollars? {
            self.quotas.affordable(
                Demand(sets, tokens: 1, costBound: nil, hasMaxTokens: false, isStrict: true, now: .start)
            )
        }
        #expect(affordable([free]) == nil)
        #expect(affordable([wide, free]) == NanoDollars(1000))
        #expect(affordable([wide, narrow]) == NanoDollars(100))
        let held = self.quotas.reserve([narrow], cost: 70)
        #expect(affordable([wide, narrow]) == NanoDollars(30))
        withExtendedLifetime(held) {}
    }

    @Test func strictCallsNeverGoAlone() {
        let set = self.quotas.set("a", .with(budget: 100))
        let verdict = self.quotas.reserve([set], cost: 101, hasMaxTokens: false, isStrict: true)
        #expect(verdict.refusal?.reason == .tooLarge)
        #expect(self.quotas.reserve([set], cost: 101, hasMaxTokens: false).reservation != nil)
    }

    @Test func dropsOnlyCountersThatSayNothing() throws {
        let held = self.quotas.set("held", .with(requests: 5))
        do {
            try self.spend(self.quotas.set("spent", .with(budget: 100)), 5)
            _ = self.quotas.reserve([self.quotas.set("asked", .with(requests: 5))])
            _ = self.quotas.set("idle", .with(requests: 5))
        }
        #expect(self.quotas.count == 4)
        self.quotas.evict(at: .start.adding(1000), idleMilliseconds: 500, keepsSpend: true)
        #expect(self.quotas.count == 3)
        self.quotas.evict(at: .start.adding(61_000), idleMilliseconds: 500, keepsSpend: true)
        #expect(self.quotas.count == 2)
        self.quotas.evict(at: .start.adding(61_000), idleMilliseconds: 500, keepsSpend: false)
        #expect(self.quotas.count == 1)
        #expect(self.quotas.set("spent", .with(budget: 100)).unseeded(at: .start).count == 1)
        withExtendedLifetime(held) {}
    }
}
