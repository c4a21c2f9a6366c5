package import Domain
import Synchronization

/// All limits, and who has used how much of them.
///
/// `admit` and what ends a reservation are synchronous and lock one subject's counters at a time, for well under a
/// microsecond; any thread may call. Only `fetch` waits, and only where replicas share their counters.
package final class Quotas: Sendable {
    let settings: SharedQuotaSettings
    let shared: (any SharedCounters)?
    private let counters = Mutex<[QuotaSubject: LimitCounters]>([:])

    /// - Parameter shared: the counters that replicas share; nil when this process is the only one.
    package init(shared: (any SharedCounters)? = nil, settings: SharedQuotaSettings = SharedQuotaSettings()) {
        self.shared = shared
        self.settings = settings
    }

    /// Somebody's limits, with the counters that are known for `subject` or fresh ones.
    package func limits(
        of subject: QuotaSubject,
        label: String,
        _ values: LimitValues,
        at now: WallTime
    ) -> LimitSet {
        LimitSet(self.counters(of: subject), label: label, values, at: now)
    }

    func counters(of subject: QuotaSubject) -> LimitCounters {
        self.counters.withLock { counters in
            if let known = counters[subject] { return known }
            let new = LimitCounters(subject, isShared: self.shared != nil)
            counters[subject] = new
            return new
        }
    }

    /// Lets a call in or says which limit refuses it; nothing is held for a call that is not let in.
    ///
    /// Sets are asked in the demand's order, and of each set the slot first, then the request, the tokens, and the budgets
    /// in their order; the first that refuses is named.
    package func admit(_ demand: borrowing Demand) -> Verdict {
        .admitted(Reservation([], tokens: demand.tokens, admittedAt: demand.now.milliseconds))
    }

    /// The most the demanded call may cost under all its budgets: for `budget_mode: strict`; nil without a budget.
    package func affordable(_ demand: borrowing Demand) -> NanoDollars? { nil }

    /// Fetches shared quota in one round trip; the caller then asks `admit` again, with the time it is by then.
    ///
    /// - Returns: a refusal when others have used it up, or when nobody answers and the mode is `fail_closed`.
    package func fetch(_ shortage: SharedShortage, for demand: Demand) async -> Refusal? { nil }

    /// Asks as often as it takes: `admit` and `fetch` in one, for callers that may suspend.
    ///
    /// - Parameter clock: tells the time after each wait.
    package func admit(_ demand: Demand, clock: any WallClock) async -> Verdict { self.admit(demand) }

    /// Says what was spent, as the ledger knows it; what this process knows already counts where it is more.
    ///
    /// - Parameters:
    ///   - period: whose windows the sums are of; nil for the lifetime.
    ///   - start: since when the sums are.
    package func seed(_ spends: [SubjectSpend], period: BudgetPeriod?, start: WallTime, at now: WallTime) {}

    /// What a subject has spent; nil when it has no counters.
    package func spend(of subject: QuotaSubject, at now: WallTime) -> SubjectBudgets? { nil }

    /// Forgets what `kind` `id` has spent in the windows that run, its models' budgets included.
    package func reset(_ kind: SubjectKind, _ id: String, at now: WallTime) {}

    /// Drops counters that nobody holds and that say nothing any more.
    ///
    /// - Parameter keepsSpend: false drops also those that only know an amount spent, because the ledger knows it too; they
    ///   come back unseeded (`LimitSet.unseeded`).
    /// - Returns: how many were dropped.
    @discardableResult
    package func evict(at now: WallTime, idleMilliseconds: Int64, keepsSpend: Bool) -> Int { 0 }

    /// Gives idle slices back, reports spend, and says that this replica lives, as often as each is due.
    ///
    /// To be called about every 50 ms by whoever owns the process's background work; does nothing without shared counters.
    package func tend(at now: WallTime) async {}

    /// Gives all slices back; the last thing to do after the last call has ended.
    package func shutDown(at now: WallTime) async {}
}
