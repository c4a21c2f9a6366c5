import Testing
import TestSupport

@testable import Policies

/// Every amount on its own, looked through one by one.
private struct SlowWindow {
    struct Entry {
        var second: Int64
        var amount: Int64
    }

    private(set) var entries: [Entry?] = []

    mutating func second(at now: Int64) -> Int64 {
        let newest = self.entries.compactMap { $0?.second }.max() ?? 0
        let second = max(now / 1000, newest)
        for index in self.entries.indices {
            if let entry = self.entries[index], second - entry.second > 60 { self.entries[index] = nil }
        }
        return second
    }

    mutating func used(at now: Int64) -> Int64 {
        _ = self.second(at: now)
        return self.entries.reduce(0) { $0 + ($1?.amount ?? 0) }
    }

    mutating func take(_ amount: Int64, limit: Int64, at now: Int64) -> Int? {
        let second = self.second(at: now)
        guard limit > 0, self.used(at: now) + amount <= limit else { return nil }
        self.entries.append(Entry(second: second, amount: amount))
        return self.entries.count - 1
    }

    mutating func correct(_ index: Int, to amount: Int64) { self.entries[index]?.amount = amount }
}

struct SlidingWindowTests {
    private struct Taken {
        var index: Int
        var second: SlidingWindow.Second
        var amount: Int64
    }

    /// Schedules of every density, with corrections and with threads whose clocks differ by up to two seconds.
    @Test(arguments: 0..<40)
    func decidesAsASlowExactModel(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            var window = SlidingWindow()
            var model = SlowWindow()
            var taken: [Taken] = []
            var limit = Int64.random(in: 0...60, using: &random)
            var time = Int64.random(in: 100_000...2_000_000_000_000, using: &random)
            let step = [20, 300, 3000, 40_000].randomElement(using: &random) ?? 20
            for _ in 0..<120 {
                time += Int64.random(in: 0...Int64(step), using: &random)
                let now = time - (Bool.random(using: &random) ? 0 : Int64.random(in: 0...2000, using: &random))
                switch Int.random(in: 0..<10, using: &random) {
                case 0: limit = Int64.random(in: 0...60, using: &random)
                case 1, 2, 3:
                    guard let place = taken.indices.randomElement(using: &random) else { break }
                    let one = taken.remove(at: place)
                    let used = Int64.random(in: 0...40, using: &random)
                    window.correct(by: used - one.amount, in: one.second)
                    model.correct(one.index, to: used)
                default:
                    let amount = Int64.random(in: 0...20, using: &random)
                    let second = window.take(amount, limit: limit, at: now)
                    let index = model.take(amount, limit: limit, at: now)
                    try #require((second == nil) == (index == nil))
                    if let second, let index { taken.append(Taken(index: index, second: second, amount: amount)) }
                }
                try #require(window.used(at: now) == model.used(at: now))
                Self.expectExactWait(window, limit: limit, now: now, using: &random)
            }
        }
    }

    /// Waiting is enough, and a millisecond less is not.
    private static func expectExactWait(
        _ window: SlidingWindow,
        limit: Int64,
        now: Int64,
        using random: inout SeededRandom
    ) {
        var window = window
        let amount = Int64.random(in: 0...20, using: &random)
        guard let wait = window.retryAfter(amount, limit: limit, at: now) else {
            #expect(limit <= 0 || amount > limit)
            return
        }
        var later = window
        #expect(later.take(amount, limit: limit, at: now + wait) != nil)
        if wait > 0 {
            var early = window
            #expect(early.take(amount, limit: limit, at: now + wait - 1) == nil)
        }
        let reset = window.reset(at: now)
        var free = window
        #expect(free.used(at: now + reset) == 0)
        if reset > 1 { #expect(window.used(at: now + reset - 1) > 0) }
    }

    @Test(arguments: 0..<20)
    func neverGrantsMoreThanTheLimitInSixtySeconds(_ seed: UInt64) {
        var random = SeededRandom(seed: 1000 + seed)
        var window = SlidingWindow()
        var granted: [(time: Int64, amount: Int64)] = []
        var time: Int64 = 1_800_000_000_000
        for _ in 0..<3000 {
            time += Int64.random(in: 0...200, using: &random)
            let amount = Int64.random(in: 1...5, using: &random)
            guard window.take(amount, limit: 100, at: time) != nil else { continue }
            granted.append((time, amount))
            let minute = granted.reversed().prefix { $0.time > time - 60_000 }
            #expect(minute.reduce(0) { $0 + $1.amount } <= 100)
        }
        // As much as its rounding to seconds allows: no capacity is lost.
        let total = granted.reduce(0) { $0 + $1.amount }
        #expect(Double(total) >= 0.9 * 100 * Double(time - 1_800_000_000_000) / 61_000)
    }

    @Test func aClockSetBackForgetsNothingAndBlocksNoLonger() {
        for back: Int64 in [1, 4000, 6000, 3_600_000, 1_799_999_990_000, 1_800_000_000_000, 5_000_000_000_000] {
            var window = SlidingWindow()
            let now: Int64 = 1_800_000_000_000
            _ = window.take(4, limit: 10, at: now - 30_000)
            _ = window.take(6, limit: 10, at: now)
            #expect(window.take(1, limit: 10, at: now - back) == nil, "\(back)")
            let wait = window.retryAfter(10, limit: 10, at: now - back)
            #expect((wait ?? .max) <= 66_000, "\(back)")
        }
    }

    @Test func aClockSetForwardForgetsEverything() {
        var window = SlidingWindow()
        _ = window.take(10, limit: 10, at: 1_800_000_000_000)
        #expect(window.take(10, limit: 10, at: .max) != nil)
    }

    @Test func numbersOfAnySizeDoNoHarm() {
        let numbers: [Int64] = [.min, -1, 0, 1, 60_999, 4_294_967_295, 4_294_967_296, 1 << 52, .max - 1, .max]
        for amount in numbers {
            for limit in numbers {
                for now in numbers {
                    var window = SlidingWindow()
                    if let second = window.take(amount, limit: limit, at: now) {
                        #expect(limit > 0)
                        window.correct(by: amount, in: second)
                        window.correct(by: .min, in: second)
                        window.correct(by: .max, in: second)
                    }
                    window.count(amount, at: now)
                    window.count(amount, at: now)
                    #expect(window.used(at: now) >= 0)
                    #expect(window.remaining(limit: limit, at: now) >= 0)
                    #expect((window.retryAfter(amount, limit: limit, at: now) ?? 0) >= 0)
                    #expect(window.reset(at: now) >= 0)
                }
            }
        }
    }

    @Test func givesItsMemoryBackOnlyWhenNothingCounts() {
        var window = SlidingWindow()
        for second: Int64 in 0..<200 { _ = window.take(1, limit: 1000, at: second * 1000) }
        window.shrink(at: 200_000)
        #expect(window.used(at: 200_000) == 60)
        window.shrink(at: 300_000)
        #expect(window.take(1, limit: 1, at: 300_000) != nil)
    }
}

struct ParallelGaugeTests {
    @Test func neverTakesMoreThanTheLimitAndCountsNoReleaseTwice() {
        var random = SeededRandom(seed: 7)
        var gauge = ParallelGauge()
        var held = 0
        for _ in 0..<10_000 {
            let limit = Int64.random(in: 0...6, using: &random)
            if Bool.random(using: &random) {
                let isTaken = gauge.take(limit: limit)
                #expect(isTaken == (held < limit))
                if isTaken { held += 1 }
            } else {
                gauge.release()
                held = max(0, held - 1)
            }
            #expect(Int(gauge.inUse) == held)
        }
    }
}
