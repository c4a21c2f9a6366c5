/// Counters that all replicas share: quota is taken from them in slices, so that most calls wait for nobody.
///
/// Implemented on Redis; without one every limit is the process's own.
package protocol SharedCounters: Sendable {
    /// Takes slices of several counters at once: all of them or none.
    ///
    /// - Parameter demands: no counter may occur twice.
    /// - Returns: the slices, or which counter had too little.
    /// - Throws: `SharedCounterError` when the answer is not there within the deadline; the slices may have been taken.
    func take(_ demands: [SliceDemand]) async throws(SharedCounterError) -> SliceGrant
    /// Gives unused quota back, and reports what was spent of budgets.
    ///
    /// A batch whose answer did not come may be sent again: it counts once, by its number.
    ///
    /// - Parameters:
    ///   - returns: what goes back.
    ///   - number: one more than that of the batch before.
    /// - Throws: `SharedCounterError`.
    func give(_ returns: [SliceReturn], number: Int64) async throws(SharedCounterError)
    /// Says that this replica lives; the slots and money of one that says so no longer are others' after some seconds.
    ///
    /// - Parameter holdings: what this replica really holds of the counters named, in case the shared counters have lost
    ///   or kept too much; the caller sees to it that nothing is taken or given meanwhile.
    /// - Returns: how many replicas live, and whether this one was known to.
    /// - Throws: `SharedCounterError`.
    func heartbeat(_ holdings: [Holding]) async throws(SharedCounterError) -> ReplicaCount
    /// Says that this replica ends.
    func leave() async
}

/// The answer to a sign of life.
package struct ReplicaCount: Sendable, Equatable {
    /// How many replicas live, this one included.
    package var count: Int
    /// Whether this one was among them before; if not, what it holds has to be said again.
    package var wasKnown: Bool

    package init(count: Int, wasKnown: Bool) {
        self.count = count
        self.wasKnown = wasKnown
    }
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
    /// Budgets only: how long the window is; nil for a lifetime.
    package var period: BudgetPeriod?

    package init(
        _ resource: Resource,
        _ kind: SubjectKind,
        _ id: String,
        model: String? = nil,
        windowStart: Int64 = 0,
        period: BudgetPeriod? = nil
    ) {
        self.resource = resource
        self.kind = kind
        self.id = id
        self.model = model
        self.windowStart = windowStart
        self.period = period
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
    /// Budgets only: what this replica holds unused and gives back with this demand, whatever the answer.
    package var returning: Int64

    package init(
        _ name: CounterName,
        limit: Int64,
        need: Int64,
        want: Int64,
        known: Int64 = 0,
        expiresAt: Int64? = nil,
        mayGoAlone: Bool = false,
        returning: Int64 = 0
    ) {
        self.name = name
        self.limit = limit
        self.need = need
        self.want = want
        self.known = known
        self.expiresAt = expiresAt
        self.mayGoAlone = mayGoAlone
        self.returning = returning
    }
}

/// The answer to demands, in their order.
package enum SliceGrant: Sendable, Equatable {
    /// How much of each was granted: between need and want (or what was left, for a call that goes alone), and how
    /// much is left for others; and when, in milliseconds since 1970 by the clock that all replicas share.
    case granted([Slice], at: Int64)
    /// The first counter that had too little; nothing was taken of any.
    ///
    /// `used` is what was spent, for budgets.
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
    /// Budgets: nano-dollars that were spent for good; rates: what was used beyond the quota taken.
    package var spent: Int64
    /// Budgets only: what the ledger knows to be spent besides, in case the counter is not there.
    package var known: Int64
    package var expiresAt: Int64?
    /// Rates: when the quota was taken, in milliseconds since 1970 by the shared clock.
    package var takenAt: Int64

    package init(
        _ name: CounterName,
        unused: Int64 = 0,
        spent: Int64 = 0,
        known: Int64 = 0,
        expiresAt: Int64? = nil,
        takenAt: Int64 = 0
    ) {
        self.name = name
        self.unused = unused
        self.spent = spent
        self.known = known
        self.expiresAt = expiresAt
        self.takenAt = takenAt
    }
}

/// What a replica holds of one counter: parallel slots, or money set aside.
package struct Holding: Sendable, Equatable {
    package var name: CounterName
    package var amount: Int64
    /// Budgets only: what the ledger knows to be spent, in case the counter is not there.
    package var known: Int64
    package var expiresAt: Int64?

    package init(_ name: CounterName, amount: Int64, known: Int64 = 0, expiresAt: Int64? = nil) {
        self.name = name
        self.amount = amount
        self.known = known
        self.expiresAt = expiresAt
    }
}
