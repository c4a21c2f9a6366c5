import Domain
import Testing

@testable import Policies

struct ReservationTests {
    private let quotas = Quotas()
    private let set: LimitSet

    init() {
        self.set = self.quotas.set("a", .with(requests: 10, tokens: 100, parallel: 2, budget: 100))
    }

    private func reserve(tokens: Int64 = 40, cost: Int64 = 40) throws -> Reservation {
        try #require(self.quotas.reserve([self.set], tokens: tokens, cost: cost).reservation)
    }

    private func expect(requests: Int64, tokens: Int64, parallel: Int32, spent: Int64, reserved: Int64) {
        let usage = Usage(self.set)
        #expect(usage.requests == requests)
        #expect(usage.tokens == tokens)
        #expect(usage.parallel == parallel)
        #expect(usage.spent == [spent])
        #expect(usage.reserved == [reserved])
    }

    @Test func holdsWhatTheCallMayUse() throws {
        let reservation = try self.reserve()
        self.expect(requests: 1, tokens: 40, parallel: 1, spent: 0, reserved: 40)
        withExtendedLifetime(reservation) {}
    }

    @Test func settlingCountsWhatWasUsed() throws {
        try self.reserve().settle(tokens: 7, cost: NanoDollars(9))
        self.expect(requests: 1, tokens: 7, parallel: 0, spent: 9, reserved: 0)
        try self.reserve(tokens: 10, cost: 10).settle(tokens: 90, cost: NanoDollars(80))
        self.expect(requests: 2, tokens: 97, parallel: 0, spent: 89, reserved: 0)
    }

    @Test func settlingWithoutKnowingKeepsTheTokensAndFreesTheMoney() throws {
        try self.reserve().settle(tokens: nil, cost: nil)
        self.expect(requests: 1, tokens: 40, parallel: 0, spent: 0, reserved: 0)
    }

    @Test func releasingGivesAllBackButTheRequest() throws {
        try self.reserve().release()
        self.expect(requests: 1, tokens: 0, parallel: 0, spent: 0, reserved: 0)
    }

    @Test func withdrawingGivesAllBack() throws {
        try self.reserve().withdraw()
        self.expect(requests: 0, tokens: 0, parallel: 0, spent: 0, reserved: 0)
    }

    @Test func goingOutOfMemoryReleases() throws {
        _ = try self.reserve()
        self.expect(requests: 1, tokens: 0, parallel: 0, spent: 0, reserved: 0)
    }

    @Test func endsOnce() throws {
        let reservation = try self.reserve()
        let other = try self.reserve()
        reservation.settle(tokens: 30, cost: NanoDollars(30))
        reservation.settle(tokens: 30, cost: NanoDollars(30))
        reservation.release()
        reservation.withdraw()
        self.expect(requests: 2, tokens: 70, parallel: 1, spent: 30, reserved: 40)
        withExtendedLifetime(other) {}
    }

    @Test func spendIsCountedInAllWithOrWithoutABudget() throws {
        let limited = self.quotas.set("limited", .with(requests: 10))
        let watched = self.quotas.set("watched", .with())
        for _ in 0..<2 {
            let reservation = try #require(self.quotas.reserve([self.set, limited, watched]).reservation)
            reservation.settle(tokens: 1, cost: NanoDollars(3))
        }
        for id in ["a", "limited", "watched"] {
            #expect(self.quotas.spend(of: QuotaSubject(.key, id), at: .start)?.total == NanoDollars(6))
        }
        #expect(self.quotas.spend(of: QuotaSubject(.key, "nobody"), at: .start) == nil)
    }

    @Test func saysWhichSoftBudgetACallPassed() throws {
        var values = LimitValues.with(requests: 10)
        values.softBudget = NanoDollars(10)
        let soft = self.quotas.set("soft", values)
        var passed: [Bool] = []
        for _ in 0..<4 {
            let reservation = try #require(self.quotas.reserve([soft, self.set], cost: 20).reservation)
            passed.append(reservation.settle(tokens: 1, cost: NanoDollars(4)).contains { $0 === soft })
        }
        #expect(passed == [false, false, true, false])
    }

    @Test func tokensAreCorrectedInTheSecondTheyWereTakenIn() throws {
        let reservation = try self.reserve(tokens: 100)
        let later = WallTime.start.adding(30_000)
        #expect(self.quotas.reserve([self.set], tokens: 1, at: later).refusal?.resource == .tokens)
        reservation.settle(tokens: 60, cost: nil)
        #expect(self.quotas.reserve([self.set], tokens: 40, at: later).reservation != nil)
        #expect(self.quotas.reserve([self.set], tokens: 100, at: .start.adding(61_000)).reservation != nil)
    }
}
