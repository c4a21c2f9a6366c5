/// What was taken of a limit a minute, in buckets of one second.
///
/// **What it promises**: in any 60 seconds at most `limit` is granted. An amount taken in second `s` counts until the end
/// of second `s + 60`, so it blocks for 60 to 61 seconds: the second is rounded to the safe side.
///
/// **Why not GCRA**, which needs two numbers: it grants a burst of the whole limit and refills meanwhile, so nearly twice
/// the limit passes within a minute; and people count "100 a minute" by the minute. **Why not LiteLLM's fixed window**
/// (litellm.md, section 7.2): twice the limit passes around its border.
///
/// Time is milliseconds of any clock. One that goes backwards by up to five seconds, as threads that read it in turn see
/// it, is taken to stand still; one that goes back further moves the buckets with it, so that nothing is forgotten and
/// nothing blocks for longer than a minute.
///
/// Limits and buckets above 4,294,967,295 count as that. Takes no memory beyond its own before the first amount, and
/// eight bytes for each second in which something was taken.
package struct SlidingWindow: Sendable {
    /// A second of the window's own count, which names the bucket an amount was taken in.
    package typealias Second = UInt32

    private struct Bucket {
        var second: Second
        var amount: UInt32
    }

    /// A bucket counts in its own second and in the 60 that follow.
    private static let span: Second = 61
    private static let greatestStepBack: Second = 5

    /// A ring whose size is a power of two, oldest at `head`.
    private var buckets: [Bucket] = []
    private var head = 0
    private var count = 0
    private var sum: Int64 = 0

    package init() {}

    /// Takes `amount` if it fits under `limit`.
    ///
    /// - Returns: the second it was booked in, for `correct`; nil when it does not fit, always so where the limit is 0.
    package mutating func take(_ amount: Int64, limit: Int64, at now: Int64) -> Second? {
        let second = self.advance(to: now)
        let limit = min(limit, Int64(UInt32.max))
        guard limit > 0, amount <= limit - self.sum else { return nil }
        self.add(max(0, amount), in: second)
        return second
    }

    /// Counts `amount` without asking whether it fits.
    @discardableResult
    package mutating func count(_ amount: Int64, at now: Int64) -> Second {
        let second = self.advance(to: now)
        self.add(max(0, amount), in: second)
        return second
    }

    /// Adds to, or takes from, the bucket that an amount was booked in; nothing when that is over already.
    package mutating func correct(by difference: Int64, in second: Second) {
        var index = self.count - 1
        while index >= 0 {
            let place = self.place(index)
            if self.buckets[place].second == second {
                let old = Int64(self.buckets[place].amount)
                let new = min(max(0, Self.sum(old, difference)), Int64(UInt32.max))
                self.buckets[place].amount = UInt32(new)
                self.sum += new - old
                return
            }
            index -= 1
        }
    }

    /// What counts at `now`.
    package mutating func used(at now: Int64) -> Int64 {
        _ = self.advance(to: now)
        return self.sum
    }

    /// What was last known to count, without looking at the time.
    package var lastUsed: Int64 { self.sum }

    package mutating func remaining(limit: Int64, at now: Int64) -> Int64 {
        max(0, min(max(0, limit), Int64(UInt32.max)) - self.used(at: now))
    }

    /// Milliseconds until `amount` fits if nobody takes more: exact; nil when it never will.
    package mutating func retryAfter(_ amount: Int64, limit: Int64, at now: Int64) -> Int64? {
        _ = self.advance(to: now)
        let limit = min(limit, Int64(UInt32.max))
        guard limit > 0, amount <= limit else { return nil }
        var missing = self.sum + max(0, amount) - limit
        guard missing > 0 else { return 0 }
        for index in 0..<self.count {
            let bucket = self.buckets[self.place(index)]
            missing -= Int64(bucket.amount)
            if missing <= 0 { return Self.wait(until: bucket.second, from: now) }
        }
        return 0
    }

    /// Milliseconds until nothing counts any more.
    package mutating func reset(at now: Int64) -> Int64 {
        _ = self.advance(to: now)
        guard self.sum > 0 else { return 0 }
        var index = self.count - 1
        while index > 0, self.buckets[self.place(index)].amount == 0 { index -= 1 }
        return Self.wait(until: self.buckets[self.place(index)].second, from: now)
    }

    /// Milliseconds until what was taken in `second` counts no more.
    package static func wait(until second: Second, from now: Int64) -> Int64 {
        max(1, (Int64(second) + Int64(Self.span)) * 1000 - max(0, now))
    }

    /// Forgets what is over.
    ///
    /// - Returns: the second that `now` lies in, not before the newest bucket.
    private mutating func advance(to now: Int64) -> Second {
        var second = Second(clamping: now / 1000)
        guard self.count > 0 else { return second }
        let newest = self.buckets[self.place(self.count - 1)].second
        if newest > second {
            if newest - second > Self.greatestStepBack {
                self.move(back: newest - second)
            } else {
                second = newest
            }
        }
        while self.count > 0 {
            let oldest = self.buckets[self.head]
            guard second - oldest.second >= Self.span else { break }
            self.sum -= Int64(oldest.amount)
            self.head = self.place(1)
            self.count -= 1
        }
        return second
    }

    /// Follows a clock that was set back: what was taken keeps its age.
    private mutating func move(back seconds: Second) {
        for index in 0..<self.count {
            let place = self.place(index)
            // Near 1970 there is no room for the age, and what was taken counts as fresh.
            self.buckets[place].second -= min(seconds, self.buckets[place].second)
        }
    }

    private mutating func add(_ amount: Int64, in second: Second) {
        if self.count > 0 {
            let newest = self.place(self.count - 1)
            if self.buckets[newest].second == second {
                let old = self.buckets[newest].amount
                let new = UInt32(clamping: Self.sum(Int64(old), amount))
                self.buckets[newest].amount = new
                self.sum += Int64(new) - Int64(old)
                return
            }
        }
        if self.count == self.buckets.count { self.grow() }
        let new = UInt32(clamping: amount)
        self.buckets[self.place(self.count)] = Bucket(second: second, amount: new)
        self.count += 1
        self.sum += Int64(new)
    }

    private mutating func grow() {
        var larger: [Bucket] = []
        larger.reserveCapacity(max(2, self.count * 2))
        for index in 0..<self.count { larger.append(self.buckets[self.place(index)]) }
        while larger.count < max(2, self.count * 2) { larger.append(Bucket(second: 0, amount: 0)) }
        self.buckets = larger
        self.head = 0
    }

    /// Gives the memory back once nothing counts.
    package mutating func shrink(at now: Int64) {
        _ = self.advance(to: now)
        if self.count == 0 {
            self.buckets = []
            self.head = 0
        }
    }

    private func place(_ index: Int) -> Int { (self.head &+ index) & (self.buckets.count &- 1) }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? (b < 0 ? .min : .max) : sum
    }
}
