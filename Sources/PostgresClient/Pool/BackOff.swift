/// When to try again to connect: pauses double from failure to failure, and are spread so that replicas that lost the
/// same server do not come back all at once.
struct BackOff {
    private let first: Duration
    private let longest: Duration
    private var failures = 0
    private var lastFailure: ContinuousClock.Instant?
    private var nextAttempt: ContinuousClock.Instant?
    /// The last failure; nil after a success.
    private(set) var failure: PostgresError?

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    func allowsAttempt(at now: ContinuousClock.Instant) -> Bool {
        self.nextAttempt.map { now >= $0 } ?? true
    }

    mutating func succeeded() {
        self.failures = 0
        self.nextAttempt = nil
        self.failure = nil
    }

    /// Notes a failed attempt.
    ///
    /// Attempts that ran side by side count as one: `begun` says when this one started.
    ///
    /// `random`: from 0 to 1; the pause is between half of its full length and all of it.
    mutating func failed(
        _ error: PostgresError,
        begun: ContinuousClock.Instant,
        now: ContinuousClock.Instant,
        random: Double
    ) {
        self.failure = error
        if let lastFailure, begun < lastFailure { return }
        self.lastFailure = now
        let doubled = self.first * (1 << min(self.failures, 20))
        self.nextAttempt = now + min(doubled, self.longest) * (0.5 + random / 2)
        self.failures += 1
    }
}
