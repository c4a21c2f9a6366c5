/// Stops asking a server that does not answer in time, and says when to look again.
///
/// Knows no clock and sends nothing: its owner tells it what happened.
struct CircuitBreaker {
    private(set) var isOpen = false
    private var failures = 0
    private let failuresToOpen: Int

    init(failuresToOpen: Int) {
        self.failuresToOpen = max(1, failuresToOpen)
    }

    /// - Returns: whether it opened by this failure.
    mutating func fail() -> Bool {
        guard !self.isOpen else { return false }
        self.failures += 1
        guard self.failures >= self.failuresToOpen else { return false }
        self.isOpen = true
        return true
    }

    /// A call ended well.
    ///
    /// Does not close an open breaker: the answer may be to a question of long ago.
    mutating func succeed() {
        if !self.isOpen { self.failures = 0 }
    }

    /// A probe was answered in time.
    mutating func close() {
        self.isOpen = false
        self.failures = 0
    }
}
