/// What the ledger keeps of a settled call: who, what, how much, how long, how it ended.
///
/// All spend is derived from these records.
package struct CallRecord: Sendable, Equatable {
    /// Unique over all replicas and restarts; a record that comes twice is booked once.
    ///
    /// The client's own `x-litellm-call-id` never becomes one.
    package var id: String
    /// `x-litellm-call-id`.
    package var callID: String
    package var startedAt: WallTime
    /// When the first byte of the answer left; nil when none did.
    package var firstByteAt: WallTime?
    package var finishedAt: WallTime

    package var caller = CallerRecord()
    package var operation: Operation
    package var isStream: Bool
    /// The model as the client wrote it.
    package var requestedModel: String
    /// Nil when the call was refused before a group was found; so are the next four.
    package var modelGroup: String?
    package var deploymentID: String?
    package var provider: String?
    /// The model's name at the provider.
    package var upstreamModel: String?
    package var apiBase: String?

    package var usage = TokenUsage()
    package var cost = CallCost()
    /// The HTTP status the client was given.
    package var status: Int
    package var outcome: CallOutcome
    /// OpenAI's code of the error, and its words.
    package var errorCode: String?
    package var errorMessage: String?
    package var attempts = 0
    package var isCacheHit = false

    package init(
        id: String,
        callID: String,
        startedAt: WallTime,
        finishedAt: WallTime,
        operation: Operation,
        isStream: Bool,
        requestedModel: String,
        status: Int,
        outcome: CallOutcome
    ) {
        self.id = id
        self.callID = callID
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.operation = operation
        self.isStream = isStream
        self.requestedModel = requestedModel
        self.status = status
        self.outcome = outcome
    }
}

/// Everybody a call is booked on.
package struct CallerRecord: Sendable, Equatable {
    /// The key's account (`VirtualKey.account`), so that spend goes on when a key is regenerated.
    ///
    /// Nil for the master key and for anybody.
    package var key: KeyHash?
    package var keyAlias: String?
    package var userID: String?
    package var teamID: String?
    package var organizationID: String?
    package var endUserID: String?
    package var tags: [String] = []
    package var address: String?
    /// `x-litellm-session-id`.
    package var sessionID: String?

    package init() {}
}

/// How a call ended.
package enum CallOutcome: String, Sendable, Codable, CaseIterable {
    case success
    /// The provider, or the way to it, failed.
    case failure
    /// The gateway said no: rights, limits, budgets.
    case refused
    /// The client went before the answer was whole.
    case cancelled
}

/// What a call cost, by classes that do not overlap; their sum is the total.
package struct CallCost: Sendable, Equatable, Codable {
    /// Nil when no price is known, which is not the same as free.
    package var total: NanoDollars?
    package var input = NanoDollars.zero
    package var cacheRead = NanoDollars.zero
    package var cacheWrite = NanoDollars.zero
    package var output = NanoDollars.zero
    package var reasoning = NanoDollars.zero
    /// Audio and images, in and out.
    package var media = NanoDollars.zero
    /// Searches, requests and other things billed by the piece.
    package var extras = NanoDollars.zero
    /// Whether counts behind it were estimated: an interrupted stream, a provider that did not say.
    package var isEstimate = false
    /// Where the prices are from: `table:<version>`, `deployment`, `file`, `provider`.
    package var source: String?

    package init() {}
}
