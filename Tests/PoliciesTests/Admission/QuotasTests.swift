import Domain
import Testing

@testable import Policies

struct QuotasTests {
    private let quotas = Quotas()

    @Test func letsInUpToTheLimitAndSaysWhoseItIs() throws {
        let set = self.quotas.set("a", .with(requests: 3))
        for _ in 0..<3 { #expect(self.quotas.reserve([set]).reservation != nil) }
        let refusal = try #require(self.quotas.reserve([set]).refusal)
        #expect(refusal.resource == .requests)
        #expect(refusal.reason == .exhausted)
        #expect(refusal.subject == QuotaSubject(.key, "a"))
        #expect((refusal.limit, refusal.used, refusal.remaining) == (3, 3, 0))
        let wait = try #require(refusal.retryAfterMilliseconds)
        #expect(self.quotas.reserve([set], at: .start.adding(wait - 1)).refusal != nil)
        #expect(self.quotas.reserve([set], at: .start.adding(wait)).reservation != nil)
    }

    @Test func nothingLimitedLetsEverythingIn() {
        let set = self.quotas.set("a", .with())
        for _ in 0..<100 { #expect(self.quotas.reserve([set], cost: 1_000_000).reservation != nil) }
        #expect(self.quotas.reserve([]).reservation != nil)
    }

    @Test(arguments: [
        LimitValues.with(requests: 0), .with(tokens: 0), .with(parallel: 0), .with(budget: 0),
    ])
    func zeroLetsNothingIn(_ values: LimitValues) throws {
        let refusal = try #require(self.quotas.reserve([self.quotas.set("a", values)], tokens: 0).refusal)
        #expect(refusal.reason == .neverFits)
        #expect(refusal.retryAfterMilliseconds == nil)
    }

    @Test func moreThanTheWholeLimitNeverFits() throws {
        let set = self.quotas.set("a", .with(tokens: 10))
        let refusal = try #require(self.quotas.reserve([set], tokens: 11).refusal)
        #expect(refusal.reason == .neverFits)
        #expect(self.quotas.reserve([set], tokens: 10).reservation != nil)
    }

    @Test(arguments: [
        LimitValues.with(requests: 1), .with(tokens: 5), .with(parallel: 1), .with(budget: 5),
    ])
    func aRefusedCallLeavesNoReservation(_ values: LimitValues) {
        let wide = LimitValues.with(requests: 100, tokens: 100, parallel: 100, budget: 100)
        var own = values
        own.requests = own.requests ?? 100
        own.tokens = own.tokens ?? 100
        own.parallel = own.parallel ?? 100
        if own.budgets.isEmpty { own.budgets = wide.budgets }
        let sets = [self.quotas.set("first", wide), self.quotas.set("narrow", own), self.quotas.set("last", wide)]
        let extra = self.quotas.set("more", wide)
        let held = self.quotas.reserve(sets, more: [extra], tokens: 5, cost: 5)
        #expect(held.reservation != nil)
        let before = (sets + [extra]).map { Usage($0) }
        #expect(self.quotas.reserve(sets, more: [extra], tokens: 5, cost: 5).refusal?.subject.id == "narrow")
        #expect((sets + [extra]).map { Usage($0) } == before)
    }

    @Test func asksTheCallsOwnSetsFirst() {
        let model = self.quotas.set("model", .with(requests: 0))
        let key = self.quotas.set("key", .with(requests: 0))
        #expect(self.quotas.reserve([key], more: [model]).refusal?.subject.id == "model")
    }

    @Test func limitsChangeAndUsageStays() {
        let old = self.quotas.set("a", .with(requests: 5, tokens: 100, budget: 100))
        for _ in 0..<3 {
            _ = self.quotas.reserve([old], tokens: 10, cost: 10).reservation?.settle(tokens: 10, cost: NanoDollars(10))
        }
        let new = self.quotas.set("a", .with(requests: 3, tokens: 20, budget: 20))
        let usage = Usage(new)
        #expect((usage.requests, usage.tokens, usage.spent) == (3, 30, [30]))
        #expect(self.quotas.reserve([new]).refusal?.resource == .requests)
    }

    @Test func tellsTheLimitsThatAreNearestToTheirEnd() throws {
        let key = self.quotas.set("key", .with(requests: 10, tokens: 1000, parallel: 4))
        let team = self.quotas.set("team", .with(requests: 5, tokens: 5000))
        let reservation = try #require(self.quotas.reserve([key, team], tokens: 100).reservation)
        #expect(reservation.tightestRequests?.subject.id == "team")
        #expect(reservation.tightestRequests?.remaining == 4)
        #expect(reservation.tightestTokens?.subject.id == "key")
        #expect(reservation.tightestTokens?.remaining == 900)
        var told: [String] = []
        reservation.forEachLimit { resource, left in told.append("\(left.subject.id) \(resource) \(left.remaining)") }
        #expect(
            told == ["key requests 9", "key tokens 900", "key parallel 3", "team requests 4", "team tokens 4900"]
        )
    }

    @Test func setsOfManySubjectsKeepTheirCountersApart() {
        let sets = (0..<1000).map { self.quotas.set("key\($0)", .with(requests: 1)) }
        for set in sets { #expect(self.quotas.reserve([set]).reservation != nil) }
        for set in sets { #expect(self.quotas.reserve([set]).refusal != nil) }
        #expect(self.quotas.count == 1000)
    }
}
