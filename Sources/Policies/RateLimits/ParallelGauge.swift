/// How many calls are under way at once.
package struct ParallelGauge: Sendable {
    package private(set) var inUse: Int32 = 0

    package init() {}

    /// Takes a slot if fewer than `limit` are taken.
    package mutating func take(limit: Int64) -> Bool {
        guard Int64(self.inUse) < limit, self.inUse < .max else { return false }
        self.inUse += 1
        return true
    }

    /// Gives a slot back; one too many changes nothing.
    package mutating func release() {
        self.inUse = max(0, self.inUse - 1)
    }
}
