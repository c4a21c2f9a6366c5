package import Domain

/// Which limit of whom said no.
package struct Refusal: Error, Sendable, Equatable {
    package enum Resource: String, Sendable, CaseIterable {
        case requests
        case tokens
        case parallel
        case budget
    }

    package enum Reason: Sendable, Equatable {
        /// Used up; it fits after `retryAfterMilliseconds`.
        case exhausted
        /// More than the whole limit, or a limit of zero: it will never fit.
        case neverFits
        /// Budgets: the call may cost more than is left, though something is.
        case tooLarge
        /// Budgets: only calls under way stand against it.
        case reserved
        /// The counters that replicas share do not answer, and the mode is `fail_closed`.
        case unavailable
    }

    package var resource: Resource
    package var reason: Reason
    package var subject: QuotaSubject
    package var label: String
    /// Requests, tokens, calls, or nano-dollars; so are the next three.
    package var limit: Int64
    package var used: Int64
    package var requested: Int64
    package var remaining: Int64
    /// Budgets only: nano-dollars set aside for calls under way.
    package var reserved: Int64 = 0
    /// Budgets only; nil for a lifetime.
    package var period: BudgetPeriod?
    /// Nil when waiting does not help.
    package var retryAfterMilliseconds: Int64?
    /// When the limit is free again: all of it for rates, the next window for budgets; nil when there is no such time.
    package var resetAt: WallTime?

    init(_ resource: Resource, _ reason: Reason, of set: LimitSet, limit: Int64, used: Int64, requested: Int64) {
        self.resource = resource
        self.reason = reason
        self.subject = set.subject
        self.label = set.label
        self.limit = limit
        self.used = used
        self.requested = requested
        self.remaining = used < limit ? limit - max(0, used) : 0
    }
}
