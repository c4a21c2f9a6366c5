package import Domain

/// What was spent, and what is set aside for calls under way, in the window of one budget.
///
/// **What it promises**: with every call's bound given (`mayGoAlone` false), spent and set aside together never exceed the
/// limit. A call that may go alone is let in with a bound above what is left only when nothing else is set aside, and then
/// takes all that is left: a small budget can be used up, and spend exceeds it by what that one call costs too much.
///
/// Windows follow the calendar (`BudgetPeriod`). What a call set aside in a window settles into that window, also when the
/// next has begun by then. A clock that goes backwards keeps the window that has begun.
package struct BudgetAccount: Sendable {
    /// A window's number in this account; a hold of an older one no longer counts.
    package typealias Epoch = UInt32

    /// How an attempt to set money aside ended.
    package enum Answer: Sendable, Equatable {
        /// How much was set aside, in nano-dollars, and in which window.
        case held(Int64, Epoch)
        /// The limit is reached: nothing may be spent before the window ends.
        case exhausted
        /// The call's bound is more than is left; with `fitsLater`, only because of calls under way.
        case tooLarge(fitsLater: Bool)
    }

    package let period: BudgetPeriod?
    /// Milliseconds since 1970; 0 for a lifetime, unless there was a reset.
    package private(set) var start: Int64
    /// The first moment of the next window, `Int64.max` for a lifetime.
    package private(set) var end: Int64
    /// Nano-dollars.
    package private(set) var spent: Int64 = 0
    /// Nano-dollars set aside for calls under way.
    package private(set) var reserved: Int64 = 0
    package private(set) var epoch: Epoch = 0
    /// Whether the ledger's sum has been given for this window, or it began while this process watched.
    package private(set) var isSeeded = false
    private var resetAt: Int64

    package init(period: BudgetPeriod?, resetAt: WallTime?, at now: WallTime) {
        self.period = period
        self.resetAt = resetAt?.milliseconds ?? 0
        self.start = 0
        self.end = 0
        self.begin(at: now.milliseconds)
    }

    /// Begins the window that `now` lies in, if it is another.
    package mutating func roll(to now: Int64) {
        guard now >= self.end else { return }
        self.begin(at: now)
        self.epoch &+= 1
        self.spent = 0
        self.reserved = 0
        self.isSeeded = true
    }

    private mutating func begin(at now: Int64) {
        guard let window = self.period?.window(at: WallTime(milliseconds: now)) else {
            self.start = self.resetAt
            self.end = .max
            return
        }
        self.end = max(window.end.milliseconds, now &+ 1)
        self.start = self.resetAt < self.end ? max(window.start.milliseconds, self.resetAt) : window.start.milliseconds
    }

    /// Sets the bound of a call's cost aside.
    ///
    /// `bound`: nano-dollars; nil when the price is unknown, and then only the limit must not be reached yet.
    ///
    /// `mayGoAlone`: whether the bound is the model's maximum rather than the caller's wish.
    package mutating func hold(_ bound: Int64?, limit: Int64, mayGoAlone: Bool, at now: Int64) -> Answer {
        self.roll(to: now)
        guard self.spent < limit else { return .exhausted }
        let bound = max(0, bound ?? 0)
        let left = limit - self.spent - self.reserved
        if bound <= left || bound == 0 {
            self.reserved += bound
            return .held(bound, self.epoch)
        }
        if mayGoAlone, self.reserved == 0 {
            self.reserved = left
            return .held(left, self.epoch)
        }
        return .tooLarge(fitsLater: self.reserved > 0 && (mayGoAlone || bound <= limit - self.spent))
    }

    /// Ends a hold; `cost` is what the call cost, 0 when nothing or unknown.
    ///
    /// - Returns: whether it was booked in the window that runs.
    @discardableResult
    package mutating func settle(held: Int64, epoch: Epoch, cost: Int64) -> Bool {
        guard epoch == self.epoch else { return false }
        self.reserved = max(0, self.reserved - held)
        self.book(cost)
        return true
    }

    /// Counts what was spent by a call that set nothing aside here.
    package mutating func book(_ cost: Int64) {
        self.spent = (NanoDollars(self.spent) + NanoDollars(max(0, cost))).value
    }

    /// Says what the ledger knows to be spent since `start`; counts where it is more.
    ///
    /// Sums of another stretch than the window that runs are passed over: after a reset they hold too much.
    package mutating func seed(_ amount: Int64, start: Int64) {
        guard start == self.start else { return }
        self.spent = max(self.spent, amount)
        self.isSeeded = true
    }

    /// Forgets what was spent up to `time`; a reset that is known already changes nothing.
    ///
    /// `isSeen`: whether it happens at this moment, so that nothing can have been spent since.
    package mutating func reset(at time: Int64, isSeen: Bool) {
        guard time > self.resetAt else { return }
        self.resetAt = time
        guard time > self.start, time < self.end else { return }
        self.start = time
        self.epoch &+= 1
        self.spent = 0
        self.reserved = 0
        self.isSeeded = isSeen
    }

    /// Nano-dollars that may still be set aside.
    package func left(of limit: Int64) -> Int64 {
        self.spent < limit ? max(0, limit - self.spent - self.reserved) : 0
    }

    /// When the next window begins; nil for a lifetime.
    package var endsAt: WallTime? { self.end == .max ? nil : WallTime(milliseconds: self.end) }
}
