/// How quota is shared with other replicas.
package struct SharedQuotaSettings: Sendable, Equatable {
    /// How rates are taken from the shared counters.
    package enum Precision: String, Sendable, CaseIterable {
        /// Each call asks for exactly what it needs: in any 60 s at most the limit.
        case strict
        /// Slices of about 5 % of the limit, divided by the replicas: most calls ask nobody, and in any 60 s at most
        /// limit + replicas x slice is granted.
        case lease
    }

    /// What holds while the shared counters do not answer.
    package enum Fallback: String, Sendable, CaseIterable {
        /// Every replica goes by its own counts, against the whole limit.
        case failOpen = "fail_open"
        /// Calls that have such a limit are refused with 503.
        case failClosed = "fail_closed"
        /// Every replica goes by its own counts, against limit / replicas as last seen.
        case local
    }

    package var precision: Precision = .lease
    package var rateFallback: Fallback = .failOpen
    package var budgetFallback: Fallback = .local
    /// After how long without use a slice of a rate goes back.
    package var rateIdleMilliseconds: Int64 = 1000
    /// After how long without use a budget's slice, or a parallel slot, goes back.
    package var budgetIdleMilliseconds: Int64 = 200

    /// Slices of all replicas together are one in so many of a limit: 5 %.
    static let sliceDivisor: Int64 = 20
    /// For so long what was granted waits for the call it was granted to.
    static let graceMilliseconds: Int64 = 50

    package init() {}
}
