import Domain
import Synchronization

@testable import Policies

extension WallTime {
    /// A Friday morning, 2027-01-15T08:00:00Z.
    static let start = WallTime(seconds: 1_800_000_000)

    func adding(_ milliseconds: Int64) -> WallTime { WallTime(milliseconds: self.milliseconds + milliseconds) }
}

extension LimitValues {
    static func with(
        requests: Int64? = nil,
        tokens: Int64? = nil,
        parallel: Int64? = nil,
        budget: Int64? = nil,
        period: BudgetPeriod? = nil
    ) -> LimitValues {
        var values = LimitValues()
        values.requests = requests
        values.tokens = tokens
        values.parallel = parallel
        if let budget { values.budgets = [BudgetLimit(limit: NanoDollars(budget), period: period)] }
        return values
    }
}

extension Quotas {
    /// The limits of a key named `id`.
    func set(_ id: String, _ values: LimitValues, at now: WallTime = .start) -> LimitSet {
        self.limits(of: QuotaSubject(.key, id), label: id, values, at: now)
    }

    func reserve(
        _ sets: [LimitSet],
        more: [LimitSet] = [],
        tokens: Int64 = 1,
        cost: Int64? = 0,
        hasMaxTokens: Bool = true,
        isStrict: Bool = false,
        at now: WallTime = .start
    ) -> Verdict {
        self.admit(
            Demand(
                sets,
                more: more,
                tokens: tokens,
                costBound: cost.map { NanoDollars($0) },
                hasMaxTokens: hasMaxTokens,
                isStrict: isStrict,
                now: now
            )
        )
    }
}

extension Verdict {
    var reservation: Reservation? { if case .admitted(let reservation) = self { reservation } else { nil } }
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

/// All that a subject uses at a moment, to compare.
struct Usage: Equatable {
    var requests: Int64
    var tokens: Int64
    var parallel: Int32
    var spent: [Int64]
    var reserved: [Int64]

    init(_ set: LimitSet, at now: WallTime = .start) {
        (self.requests, self.tokens, self.parallel, self.spent, self.reserved) = set.counters.state.withLock { state in
            (
                state.requests.used(at: now.milliseconds), state.tokens.used(at: now.milliseconds), state.gauge.inUse,
                state.accounts.map(\.spent), state.accounts.map(\.reserved)
            )
        }
    }
}
