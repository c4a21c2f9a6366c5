import Domain

/// Money that this replica has set aside in a budget that all share, besides what its calls hold.
///
/// Money is alike: which call's is whose says nothing. In a new window everything begins anew.
struct BudgetPool: Sendable {
    private(set) var epoch: BudgetAccount.Epoch
    private(set) var idle: Int64 = 0
    /// Granted to a call that goes alone; of no use to others.
    private(set) var alone: Int64 = 0
    /// Held by calls without having been set aside in the shared counters, because they were away.
    private var unbacked: Int64 = 0
    /// Held no more, because it was spent; to be told.
    private var moved: Int64 = 0
    /// Spent, to be told.
    private(set) var untold: Int64 = 0
    /// How much idle money stays for the next call.
    var keep: Int64 = 0
    /// What this replica had spent and set aside, and what was left for all, when it was last told; nil before that.
    private(set) var told: (own: Int64, left: Int64)?
    /// How much may be spent in all while nobody can be asked.
    var awayLimit: Int64?
    private(set) var slice: Int64 = 0
    private var askedAt: Int64 = 0
    private var creditedAt: Int64 = .min
    private(set) var usedAt: Int64 = 0

    init(epoch: BudgetAccount.Epoch) {
        self.epoch = epoch
    }

    mutating func take(_ amount: Int64, at now: Int64) -> Bool {
        guard amount <= self.idle else { return false }
        self.idle -= amount
        self.usedAt = now
        return true
    }

    /// What a call that goes alone was granted; nil when there is no such grant.
    mutating func takeAlone(at now: Int64) -> Int64? {
        guard self.alone > 0 else { return nil }
        defer { self.alone = 0 }
        self.usedAt = now
        return self.alone
    }

    /// Takes money though nobody can be asked for it.
    mutating func takeUnasked(_ amount: Int64, at now: Int64) {
        if !self.take(amount, at: now) { self.unbacked += amount }
    }

    /// A call that held money is over.
    ///
    /// - Returns: whether more lies here, or has not been told, than should.
    mutating func release(_ held: Int64, cost: Int64) -> Bool {
        let free = min(self.unbacked, held)
        self.unbacked -= free
        let backed = held - free
        let part = min(cost, backed)
        self.moved += part
        self.idle += backed - part
        self.untold += cost
        return max(self.idle, self.untold) > self.keep
    }

    /// Counts what was spent without having been held.
    mutating func book(_ cost: Int64) { self.untold += cost }

    /// Gives up what is idle, with a demand that asks for more.
    mutating func surrender() -> Int64 {
        defer { self.idle = 0 }
        return self.idle
    }

    /// How much to ask for beyond what is needed; see `RatePool.ask`.
    mutating func ask(cap: Int64, replicas: Int64, at now: Int64) -> Int64 {
        let pause = now - self.askedAt
        self.askedAt = now
        if pause < 100 {
            self.slice = max(cap / 8, self.slice &* 2)
        } else if pause > 1000 {
            self.slice /= 2
        }
        self.slice = min(self.slice, cap)
        return min(self.slice, self.told.map { $0.left / (4 * replicas) } ?? self.slice)
    }

    /// Remembers how much is left for all; `own` is what calls of this replica have spent and hold.
    mutating func tell(left: Int64, own: Int64) {
        self.told = (own + self.idle + self.alone, left)
        self.awayLimit = nil
    }

    mutating func credit(_ amount: Int64, need: Int64, at now: Int64) {
        if amount < need { self.alone += amount } else { self.idle += amount }
        self.creditedAt = now
    }

    /// Gathers what is to be told: money that came after `fresh` is for calls that have not taken it yet, and where
    /// none was used since `idle`, also what is kept otherwise goes back.
    ///
    /// - Returns: what is to be told; nil when nothing is.
    mutating func collect(
        fresh: Int64,
        idle: Int64,
        _ make: (_ unused: Int64, _ spent: Int64) -> SliceReturn
    ) -> SliceReturn? {
        var surplus: Int64 = 0
        if self.creditedAt <= fresh {
            surplus = (self.usedAt <= idle ? self.idle : max(0, self.idle - self.keep)) + self.alone
            self.idle -= surplus - self.alone
            self.alone = 0
        }
        guard surplus > 0 || self.moved > 0 || self.untold > 0 else { return nil }
        defer { (self.moved, self.untold) = (0, 0) }
        return make(surplus + self.moved, self.untold)
    }

    /// What is held in all; from here on it counts as set aside.
    mutating func state(reserved: Int64) -> Int64 {
        self.unbacked = 0
        return reserved + self.idle + self.alone + self.moved
    }

    var isQuiet: Bool {
        self.idle == 0 && self.alone == 0 && self.unbacked == 0 && self.moved == 0 && self.untold == 0
    }
}
