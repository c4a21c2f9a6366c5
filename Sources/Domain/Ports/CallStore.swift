/// The ledger in the database: settled calls, and the sums that follow from them.
package protocol CallStore: Sendable {
    /// Books records, those that are there already once; sums follow in the same transaction.
    ///
    /// - Returns: how many were new.
    @discardableResult
    func book(_ records: [CallRecord]) async throws(StoreError) -> Int
    func calls(_ query: CallQuery) async throws(StoreError) -> Page<CallRecord>
    /// Sums by the groups asked for, largest spend first unless days are asked for, which come in order.
    func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageRow]
    /// What each subject of `kinds` has spent since `start` (whole hours; earlier starts within an hour and windows
    /// shorter than an hour are summed from the records themselves), by model group where `byModel`.
    func spend(
        of kinds: [SubjectKind],
        since start: WallTime,
        byModel: Bool
    ) async throws(StoreError) -> [SubjectSpend]
    /// Makes all sums anew from the records.
    func rebuildSums() async throws(StoreError)
    /// Differences between the sums and the records; none when all is well.
    func verifySums() async throws(StoreError) -> [String]
    /// Drops the records that finished before `time`, oldest first by whole chunks; their sums stay.
    ///
    /// - Returns: how many were dropped.
    @discardableResult
    func dropCalls(before time: WallTime) async throws(StoreError) -> Int
    /// When the oldest records must have finished that may stay so that no more than `count` do.
    ///
    /// - Returns: the time before which records are too many; nil when there are not.
    func callsLimit(keeping count: Int) async throws(StoreError) -> WallTime?
    /// How much room the records take: the number of records and bytes, near enough for a retention by size.
    func callVolume() async throws(StoreError) -> (records: Int, bytes: Int)
}

/// Whom spend is booked on.
package enum SubjectKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The whole gateway; its id is empty.
    case global
    /// By hash, in hexadecimal digits.
    case key
    case user
    case team
    /// `team:user`.
    case teamMember = "team_member"
    case organization
    case endUser = "end_user"
    case tag
    /// By model group.
    case model
    case provider
    case deployment
}

package struct SubjectSpend: Sendable, Equatable {
    package var kind: SubjectKind
    package var id: String
    /// Nil where sums are not by model.
    package var model: String?
    package var spend: NanoDollars

    package init(kind: SubjectKind, id: String, model: String?, spend: NanoDollars) {
        self.kind = kind
        self.id = id
        self.model = model
        self.spend = spend
    }
}

/// Which calls to show; all conditions must hold, nil is none.
package struct CallQuery: Sendable {
    package var callID: String?
    package var key: KeyHash?
    package var userID: String?
    package var teamID: String?
    package var organizationID: String?
    package var endUserID: String?
    package var modelGroup: String?
    package var tag: String?
    package var outcome: CallOutcome?
    package var from: WallTime?
    /// Not included.
    package var to: WallTime?
    /// Newest first unless false.
    package var descending = true
    package var page = 1
    package var size = 50

    package init() {}
}

/// Which sums to make.
package struct UsageQuery: Sendable {
    package enum Group: Sendable, Hashable {
        case day
        case subject
        case model
    }

    package var kind: SubjectKind
    /// Nil is all of the kind.
    package var ids: [String]?
    package var models: [String]?
    /// Rounded down to the hour.
    package var from: WallTime?
    /// Not included; rounded up to the hour.
    package var to: WallTime?
    package var groups: Set<Group>
    package var limit: Int?

    package init(_ kind: SubjectKind, groups: Set<Group>) {
        self.kind = kind
        self.groups = groups
    }
}

/// One sum; what is not grouped by is nil.
package struct UsageRow: Sendable, Equatable {
    package var day: CivilDate?
    package var subject: String?
    package var model: String?
    package var sums: UsageSums

    package init(day: CivilDate?, subject: String?, model: String?, sums: UsageSums) {
        self.day = day
        self.subject = subject
        self.model = model
        self.sums = sums
    }
}

/// What is counted of calls.
package struct UsageSums: Sendable, Equatable {
    package var spend = NanoDollars.zero
    package var promptTokens = 0
    package var completionTokens = 0
    package var cacheReadTokens = 0
    package var cacheWriteTokens = 0
    package var calls = 0
    package var failures = 0
    /// Calls whose price is not known; their spend is missing from `spend`.
    package var unpriced = 0
    package var cacheHits = 0

    package init() {}
}
