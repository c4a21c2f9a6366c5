/// Counters that all replicas share: quota is taken from them in slices, so that most calls wait for nobody.
///
/// Implemented on Redis; without one every limit is the process's own.
package protocol SharedCounters: Sendable {
    /// Takes slices of several counters at once: all of them or none.
    ///
    /// - Throws: `SharedCounterError` when the answer is not there within the deadline.
    func take(_ demands: [SliceDemand]) async throws(SharedCounterError) -> SliceGrant
    /// Gives unused quota back, and reports what was spent of budgets. Lost reports heal: rates by their window,
    /// parallel slots by their heartbeat, budgets by the ledger.
    func give(_ returns: [SliceReturn]) async throws(SharedCounterError)
    /// Says that this replica lives and still holds these parallel slots and budget slices, and how many replicas do.
    func heartbeat(_ held: [SliceReturn]) async throws(SharedCounterError) -> Int
}

package enum SharedCounterError: Error, Sendable, Equatable {
    /// No answer within the deadline, no connection, or the circuit breaker is open.
    case unavailable
    /// The server answered with an error.
    case refused(String)
}

/// One counter that replicas share.
package struct CounterName: Sendable, Hashable {
    package enum Resource: String, Sendable, Hashable, Codable {
        case requests
        case tokens
        case parallel
        case budget
    }

    package var resource: Resource
    package var kind: SubjectKind
    package var id: String
    /// The model group, for limits on a model.
    package var model: String?
    /// Budgets only: when the window began, in seconds since 1970; 0 for a lifetime.
    package var windowStart: Int64

    package init(
        _ resource: Resource,
        _ kind: SubjectKind,
        _ id: String,
        model: String? = nil,
        windowStart: Int64 = 0
    ) {
        self.resource = resource
        self.kind = kind
        self.id = id
        self.model = model
        self.windowStart = windowStart
    }
}

/// What is wanted of one counter.
package struct SliceDemand: Sendable, Equatable {
    package var name: CounterName
    package var limit: Int64
    /// What the call at hand needs; less is of no use.
    package var need: Int64
    /// What would spare further questions; at least `need`.
    package var want: Int64
    /// Budgets only: what the ledger knows to be spent, in case the counter is not there yet.
    package var known: Int64
    /// Budgets only: when the counter may be forgotten, in seconds since 1970; nil for never.
    package var expiresAt: Int64?
    /// Budgets only: where even `need` is more than is left, and nobody holds anything, all that is left is granted.
    package var mayGoAlone: Bool

    package init(
        _ name: CounterName,
        limit: Int64,
        need: Int64,
        want: Int64,
        known: Int64 = 0,
        expiresAt: Int64? = nil,
        mayGoAlone: Bool = false
    ) {
        self.name = name
        self.limit = limit
        self.need = need
        self.want = want
        self.known = known
        self.expiresAt = expiresAt
        self.mayGoAlone = mayGoAlone
    }
}

/// The answer to demands, in their order.
package enum SliceGrant: Sendable, Equatable {
    /// How much of each was granted: between need and want (or what was left, for a call that goes alone), and how
    /// much is left for others.
    case granted([Slice])
    /// The first counter that had too little; nothing was taken of any.
    case refused(index: Int, left: Int64, retryAfterMilliseconds: Int64, used: Int64)

    package struct Slice: Sendable, Equatable {
        package var amount: Int64
        package var left: Int64

        package init(amount: Int64, left: Int64) {
            self.amount = amount
            self.left = left
        }
    }
}

/// What goes back to one counter.
package struct SliceReturn: Sendable, Equatable {
    package var name: CounterName
    /// Quota that was not used, or no longer is.
    package var unused: Int64
    /// Budgets: nano-dollars that were spent for good.
    ///
    /// Tokens: what was used beyond the quota taken.
    package var spent: Int64
    /// Heartbeats: what is still held.
    package var held: Int64
    package var expiresAt: Int64?
    /// Rates: when the quota was taken, in milliseconds since 1970.
    package var takenAt: Int64

    package init(
        _ name: CounterName,
        unused: Int64 = 0,
        spent: Int64 = 0,
        held: Int64 = 0,
        expiresAt: Int64? = nil,
        takenAt: Int64 = 0
    ) {
        self.name = name
        self.unused = unused
        self.spent = spent
        self.held = held
        self.expiresAt = expiresAt
        self.takenAt = takenAt
    }
}
