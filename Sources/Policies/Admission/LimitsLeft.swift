/// What is left of a limit right after a call was let in, for `x-ratelimit-*` headers.
package struct LimitLeft: Sendable, Equatable {
    package var subject: QuotaSubject
    package var limit: Int64
    package var remaining: Int64
    /// Milliseconds until all of it is free; nil for parallel limits.
    package var resetMilliseconds: Int64?

    package init(subject: QuotaSubject, limit: Int64, remaining: Int64, resetMilliseconds: Int64?) {
        self.subject = subject
        self.limit = limit
        self.remaining = remaining
        self.resetMilliseconds = resetMilliseconds
    }
}
