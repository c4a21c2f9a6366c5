import Domain
import Testing
import TestSupport

@testable import Policies

struct BudgetAccountTests {
    private let now = WallTime.start.milliseconds
    private let minute = BudgetPeriod(amount: 1, unit: .minutes)

    private func account(_ period: BudgetPeriod? = nil, resetAt: WallTime? = nil) -> BudgetAccount {
        BudgetAccount(period: period, resetAt: resetAt, at: .start)
    }

    private struct Call {
        var held: Int64
        var epoch: BudgetAccount.Epoch
        var bound: Int64
    }

    /// Calls begin and end in any order; each costs at most its bound.
    @Test(arguments: 0..<100)
    func withBoundsSpentAndSetAsideNeverExceedTheLimit(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var account = self.account()
        var calls: [Call] = []
        let limit = Int64.random(in: 0...2000, using: &random)
        for _ in 0..<600 {
            if Bool.random(using: &random) {
                let bound = Int64.random(in: 0...300, using: &random)
                let left = account.left(of: limit)
                let answer = account.hold(bound, limit: limit, mayGoAlone: false, at: self.now)
                if case .held(let held, let epoch) = answer {
                    #expect(held == bound)
                    calls.append(Call(held: held, epoch: epoch, bound: bound))
                } else {
                    #expect(bound > left || account.spent >= limit)
                }
            } else if let index = calls.indices.randomElement(using: &random) {
                let call = calls.remove(at: index)
                let cost = Int64.random(in: 0...call.bound, using: &random)
                account.settle(held: call.held, epoch: call.epoch, cost: cost)
            }
            #expect(account.spent + account.reserved <= limit)
            #expect(account.reserved == calls.reduce(0) { $0 + $1.held })
        }
    }

    @Test(arguments: 0..<100)
    func withoutBoundsAtMostOneCallGoesOverAndTheBudgetIsUsedUp(_ seed: UInt64) {
        var random = SeededRandom(seed: 500 + seed)
        var account = self.account()
        var calls: [Call] = []
        let limit = Int64.random(in: 1...2000, using: &random)
        var greatest: Int64 = 0
        for _ in 0..<3000 {
            if Int.random(in: 0..<3, using: &random) == 0 {
                let bound = Int64.random(in: 1...5000, using: &random)
                let mayGoAlone = Int.random(in: 0..<4, using: &random) > 0
                if case .held(let held, let epoch) = account.hold(bound, limit: limit, mayGoAlone: mayGoAlone, at: now)
                {
                    calls.append(Call(held: held, epoch: epoch, bound: bound))
                }
            } else if let index = calls.indices.randomElement(using: &random) {
                let call = calls.remove(at: index)
                let cost = Int64.random(in: 0...call.bound, using: &random)
                if account.spent + cost > limit { greatest = max(greatest, cost) }
                account.settle(held: call.held, epoch: call.epoch, cost: cost)
            }
            #expect(account.spent <= limit + max(0, greatest - 1))
        }
        #expect(account.spent >= limit)
    }

    @Test func aCallGoesAloneOnWhatIsLeft() {
        var account = self.account()
        account.book(60)
        #expect(account.hold(1000, limit: 100, mayGoAlone: false, at: self.now) == .tooLarge(fitsLater: false))
        #expect(account.hold(1000, limit: 100, mayGoAlone: true, at: self.now) == .held(40, 0))
        #expect(account.hold(1, limit: 100, mayGoAlone: true, at: self.now) == .tooLarge(fitsLater: true))
        account.settle(held: 40, epoch: 0, cost: 5)
        #expect(account.hold(1000, limit: 100, mayGoAlone: true, at: self.now) == .held(35, 0))
        account.settle(held: 35, epoch: 0, cost: 50)
        #expect(account.spent == 115)
        #expect(account.hold(0, limit: 100, mayGoAlone: true, at: self.now) == .exhausted)
    }

    @Test func anUnknownPriceAsksOnlyWhetherAnythingIsLeft() {
        var account = self.account()
        #expect(account.hold(nil, limit: 100, mayGoAlone: false, at: self.now) == .held(0, 0))
        account.book(100)
        #expect(account.hold(nil, limit: 100, mayGoAlone: true, at: self.now) == .exhausted)
    }

    @Test func windowsFollowTheCalendarAndBeginEmpty() {
        var account = self.account(self.minute)
        #expect(account.endsAt == .start.adding(60_000))
        #expect(account.hold(100, limit: 100, mayGoAlone: false, at: self.now) == .held(100, 0))
        account.settle(held: 100, epoch: 0, cost: 100)
        #expect(account.hold(1, limit: 100, mayGoAlone: false, at: self.now + 59_999) == .exhausted)
        #expect(account.hold(100, limit: 100, mayGoAlone: false, at: self.now + 60_000) == .held(100, 1))
        #expect(account.spent == 0)
        #expect(account.isSeeded)
    }

    @Test func aCallSettlesIntoTheWindowItBeganIn() {
        var account = self.account(self.minute)
        _ = account.hold(70, limit: 100, mayGoAlone: false, at: self.now + 59_000)
        account.roll(to: self.now + 60_000)
        #expect(account.hold(100, limit: 100, mayGoAlone: false, at: self.now + 60_000) == .held(100, 1))
        let isCounted = account.settle(held: 70, epoch: 0, cost: 70)
        #expect(!isCounted)
        #expect((account.spent, account.reserved) == (0, 100))
    }

    @Test func aClockSetBackKeepsTheWindow() {
        var account = self.account(self.minute)
        account.roll(to: self.now + 60_000)
        account.book(10)
        account.roll(to: self.now)
        #expect(account.spent == 10)
        #expect(account.endsAt == .start.adding(120_000))
    }

    @Test func theLedgersSumCountsWhereItIsMoreAndOnlyForItsOwnWindow() {
        var account = self.account(self.minute)
        #expect(!account.isSeeded)
        account.book(10)
        account.seed(99, start: self.now - 60_000)
        #expect(account.spent == 10)
        account.seed(7, start: self.now)
        #expect(account.spent == 10)
        #expect(account.isSeeded)
        account.seed(30, start: self.now)
        #expect(account.spent == 30)
    }

    @Test func aResetForgetsWhatWasSpentOnce() {
        var account = self.account()
        account.book(50)
        _ = account.hold(20, limit: 100, mayGoAlone: false, at: self.now)
        account.reset(at: self.now + 5, isSeen: true)
        #expect((account.spent, account.reserved, account.start) == (0, 0, self.now + 5))
        account.settle(held: 20, epoch: 0, cost: 20)
        #expect(account.spent == 0)
        account.book(3)
        account.reset(at: self.now + 5, isSeen: false)
        account.reset(at: self.now, isSeen: false)
        account.seed(50, start: 0)
        #expect(account.spent == 3)
    }

    @Test func aResetOfAnEarlierWindowChangesNothing() {
        var account = self.account(self.minute, resetAt: .start.adding(-100_000))
        #expect(account.start == self.now)
        account.book(3)
        account.reset(at: self.now - 61_000, isSeen: false)
        #expect((account.spent, account.start) == (3, self.now))
        account.reset(at: self.now + 1000, isSeen: false)
        #expect((account.spent, account.start, account.isSeeded) == (0, self.now + 1000, false))
    }

    @Test func amountsOfAnySizeDoNoHarm() {
        let numbers: [Int64] = [.min, -1, 0, 1, .max - 1, .max]
        for limit in numbers {
            for bound in numbers {
                for cost in numbers {
                    var account = self.account()
                    for _ in 0..<2 {
                        let answer = account.hold(bound, limit: limit, mayGoAlone: true, at: self.now)
                        if case .held(let held, let epoch) = answer {
                            #expect(limit > 0)
                            account.settle(held: held, epoch: epoch, cost: cost)
                        }
                        account.book(cost)
                        #expect(account.spent >= 0 && account.reserved >= 0)
                        #expect(account.left(of: limit) >= 0)
                    }
                }
            }
        }
    }
}
