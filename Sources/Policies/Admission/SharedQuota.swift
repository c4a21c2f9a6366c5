import Domain

/// Quota that is taken in slices from the counters that replicas share.
final class SharedQuota: Sendable {
    let counters: any SharedCounters
    let settings: SharedQuotaSettings

    init(_ counters: any SharedCounters, _ settings: SharedQuotaSettings) {
        self.counters = counters
        self.settings = settings
    }
}
