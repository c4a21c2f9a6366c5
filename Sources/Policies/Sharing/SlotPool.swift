import Domain

/// Parallel slots that this replica holds of what all share, besides those in use.
///
/// Slots are alike: which call uses which says nothing.
struct SlotPool: Sendable {
    private(set) var idle: Int64 = 0
    /// In use without having been taken from the shared counters, because they were away.
    private var unbacked: Int64 = 0
    /// How many idle ones stay for the next call.
    var keep: Int64 = 0
    private var creditedAt: Int64 = .min
    private(set) var usedAt: Int64 = 0

    mutating func take(at now: Int64) -> Bool {
        guard self.idle > 0 else { return false }
        self.idle -= 1
        self.usedAt = now
        return true
    }

    /// Takes a slot though nobody can be asked for one.
    mutating func takeUnasked(at now: Int64) {
        if !self.take(at: now) { self.unbacked += 1 }
    }

    /// A call that had a slot is over.
    ///
    /// - Returns: whether more lie here than should.
    mutating func release() -> Bool {
        if self.unbacked > 0 { self.unbacked -= 1 } else { self.idle += 1 }
        return self.idle > self.keep
    }

    mutating func credit(_ amount: Int64, at now: Int64) {
        self.idle += amount
        self.creditedAt = now
    }

    /// - Parameters:
    ///   - name: this counter's.
    ///   - fresh: slots that came after that are for calls that have not taken them yet.
    ///   - idle: what was not used since then goes back, also what is kept otherwise.
    ///   - returns: where it is added.
    mutating func collect(_ name: CounterName, fresh: Int64, idle: Int64, into returns: inout [SliceReturn]) {
        guard self.creditedAt <= fresh else { return }
        let surplus = self.usedAt <= idle ? self.idle : self.idle - self.keep
        guard surplus > 0 else { return }
        self.idle -= surplus
        returns.append(SliceReturn(name, unused: surplus))
    }

    /// What is held in all; from here on it counts as taken.
    mutating func state(inUse: Int64) -> Int64 {
        self.unbacked = 0
        return inUse + self.idle
    }

    var isQuiet: Bool { self.idle == 0 && self.unbacked == 0 }
}
