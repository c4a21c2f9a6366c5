import Domain

/// Quota of a rate that this replica took from what all share, and has not used.
///
/// Kept in lots by the second they were taken in, because what goes back has to go back to where it counts.
struct RatePool: Sendable {
    /// A second of the shared clock.
    typealias Second = SlidingWindow.Second

    struct Lot: Sendable {
        var second: Second
        var amount: Int64
        /// When it came here, by the own clock.
        var since: Int64
    }

    private(set) var lots: [Lot] = []
    private(set) var available: Int64 = 0
    /// Goes back to the seconds it was taken in.
    private var refunds: [Lot] = []
    /// Used without quota: while the shared counters were away, or beyond an estimate.
    private var owed: Int64 = 0
    /// What was left for others when they were last asked; nil before that.
    var left: Int64?
    /// How much more than is needed is asked for.
    private(set) var slice: Int64 = 0
    private var askedAt: Int64 = 0
    /// Asked for beyond what is needed, and not here yet.
    private var coming: Int64 = 0

    /// Takes from the oldest lots.
    ///
    /// - Returns: the second of the oldest; nil when there is not enough. What goes back to an older second than it was
    ///   taken in counts too long, never too short.
    mutating func take(_ amount: Int64) -> Second? {
        guard amount <= self.available else { return nil }
        guard amount > 0, let oldest = self.lots.first else { return 0 }
        self.available -= amount
        var missing = amount
        while missing > 0, let lot = self.lots.first {
            let part = min(missing, lot.amount)
            missing -= part
            if part == lot.amount { self.lots.removeFirst() } else { self.lots[0].amount -= part }
        }
        return oldest.second
    }

    mutating func credit(_ amount: Int64, second: Second, at now: Int64) {
        guard amount > 0 else { return }
        self.available += amount
        if let place = self.lots.firstIndex(where: { $0.second >= second }) {
            if self.lots[place].second == second {
                self.lots[place].amount += amount
                self.lots[place].since = max(self.lots[place].since, now)
            } else {
                self.lots.insert(Lot(second: second, amount: amount, since: now), at: place)
            }
        } else {
            self.lots.append(Lot(second: second, amount: amount, since: now))
        }
    }

    mutating func refund(_ amount: Int64, second: Second) {
        guard amount > 0 else { return }
        if let place = self.refunds.firstIndex(where: { $0.second == second }) {
            self.refunds[place].amount += amount
        } else {
            self.refunds.append(Lot(second: second, amount: amount, since: 0))
        }
    }

    /// Uses what nobody granted; from the pool where it has it.
    mutating func use(_ amount: Int64) {
        if amount > 0, self.take(amount) != nil { return }
        self.owed = max(0, self.owed + amount)
    }

    /// Counts what was used while nobody could be asked; negative to take it back.
    mutating func owe(_ amount: Int64) { self.owed = max(0, self.owed + amount) }

    /// How much to ask for beyond what is needed: more when questions follow each other closely, less when they do not,
    /// and little of what is nearly used up.
    ///
    /// - Parameters:
    ///   - cap: the most that may lie here unused.
    ///   - replicas: how many share what is left.
    ///   - now: by the own clock.
    /// - Returns: the amount, which is to be told to `arrived` when the answer is there.
    mutating func ask(cap: Int64, replicas: Int64, at now: Int64) -> Int64 {
        let pause = now - self.askedAt
        self.askedAt = now
        if pause < 100 {
            self.slice = max(1, self.slice &* 2)
        } else if pause > 1000 {
            self.slice /= 2
        }
        self.slice = min(self.slice, cap)
        let fair = self.left.map { $0 / (4 * replicas) } ?? self.slice
        let more = max(0, min(self.slice, fair) - self.available - self.coming)
        self.coming += more
        return more
    }

    mutating func arrived(_ more: Int64) { self.coming -= more }

    /// What is to be told to the shared counters.
    ///
    /// - Parameters:
    ///   - name: this counter's.
    ///   - idle: lots that lie here since before then go back.
    ///   - returns: where it is added.
    mutating func collect(_ name: CounterName, idle: Int64, into returns: inout [SliceReturn]) {
        for lot in self.lots where lot.since <= idle {
            self.available -= lot.amount
            returns.append(SliceReturn(name, unused: lot.amount, takenAt: Int64(lot.second) * 1000))
        }
        self.lots.removeAll { $0.since <= idle }
        for lot in self.refunds {
            returns.append(SliceReturn(name, unused: lot.amount, takenAt: Int64(lot.second) * 1000))
        }
        self.refunds = []
        if self.owed > 0 { returns.append(SliceReturn(name, spent: self.owed)) }
        self.owed = 0
    }

    var isQuiet: Bool { self.lots.isEmpty && self.refunds.isEmpty && self.owed == 0 && self.coming == 0 }
}
