package import Domain

/// What a call asks for before it is sent.
package struct Demand: Sendable {
    /// Whose limits hold, in the order they are asked in: the most specific first (model within key, key, end user, tags,
    /// user, team member, team, organization, global), so that a caller over its own limit never troubles the others.
    ///
    /// Usually the caller's own array, made once and shared by all of its calls. No set may occur twice.
    package var sets: [LimitSet]
    /// Further sets, of this call only: the model's, the end user's, tags'; asked before `sets`.
    package var more: [LimitSet]
    /// An estimate of input and output tokens, corrected when the call is settled.
    package var tokens: Int64
    /// The most the call can cost; nil when its price is unknown.
    package var costBound: NanoDollars?
    /// Whether the caller bounded the output.
    ///
    /// Where it did not, `costBound` is the model's maximum, and the call may go alone on what is left of a budget.
    package var hasMaxTokens: Bool
    /// `budget_mode: strict`: no call goes alone; `Quotas.affordable` says how much `max_tokens` may cost instead.
    package var isStrict: Bool
    package var now: WallTime

    package init(
        _ sets: [LimitSet],
        more: [LimitSet] = [],
        tokens: Int64,
        costBound: NanoDollars?,
        hasMaxTokens: Bool,
        isStrict: Bool = false,
        now: WallTime
    ) {
        self.sets = sets
        self.more = more
        self.tokens = max(0, tokens)
        self.costBound = costBound
        self.hasMaxTokens = hasMaxTokens
        self.isStrict = isStrict
        self.now = now
    }

    var mayGoAlone: Bool { !self.hasMaxTokens && !self.isStrict }
}
