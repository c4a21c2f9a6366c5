package import Domain
import Synchronization

extension Quotas {
    /// Says what was spent, as the ledger knows it; what this process knows already counts where it is more.
    ///
    /// `period`: whose windows the sums are of; nil for the lifetime.
    ///
    /// `start`: since when the sums are; windows that began at another time pass them over.
    ///
    /// `opens`: whether to make counters for subjects that have none yet; otherwise those are passed over, and whoever
    /// makes a set for them asks `LimitSet.unseeded`.
    package func seed(
        _ spends: [SubjectSpend],
        period: BudgetPeriod?,
        start: WallTime,
        opens: Bool,
        at now: WallTime
    ) {
        for spend in spends {
            let subject = QuotaSubject(spend.kind, spend.id, model: spend.model)
            let known = self.registry.find(subject)
            guard let counters = known ?? (opens ? self.registry.counters(of: subject, attaching: false) : nil) else {
                continue
            }
            counters.seed(spend.spend, period: period, start: start, opens: opens, at: now)
        }
    }

    /// What a subject has spent; nil when it has no counters.
    package func spend(of subject: QuotaSubject, at now: WallTime) -> SubjectBudgets? {
        self.registry.find(subject)?.spend(at: now)
    }

    /// Forgets what `kind` `id` has spent in the windows that run, its models' budgets included.
    ///
    /// Other replicas do so when they make sets from the changed record (`Allowance.resetAt`); for this one, `now` has to
    /// be the record's `resetAt`, so that the set made from it finds the reset done.
    package func reset(_ kind: SubjectKind, _ id: String, at now: WallTime) {
        for counters in self.registry.all where counters.subject.kind == kind && counters.subject.id == id {
            counters.reset(at: now)
        }
    }

    /// Drops counters that no set holds and that say nothing any more.
    ///
    /// `keepsSpend`: false drops also those that only know an amount spent, because the ledger knows it too; they come
    /// back unseeded (`LimitSet.unseeded`).
    ///
    /// Returns how many were dropped.
    @discardableResult
    package func evict(at now: WallTime, idleMilliseconds: Int64, keepsSpend: Bool) -> Int {
        self.registry.evict { counters in
            counters.isOver(at: now, idleMilliseconds: idleMilliseconds, keepsSpend: keepsSpend)
        }
    }

    /// How many subjects have counters.
    package var count: Int { self.registry.all.count }
}

extension LimitSet {
    /// The least that is left of its budgets; `none` without any.
    func affordable(at now: WallTime) -> Int64 {
        guard !self.budgets.isEmpty else { return Self.none }
        return self.counters.state.withLock { state in
            var least = Self.none
            for place in self.budgets.indices where self.budgets[place] != Self.none {
                state.accounts[place].roll(to: now.milliseconds)
                least = min(least, state.accounts[place].left(of: self.budgets[place]))
                least = min(least, state.sharedLeft(place) ?? least)
            }
            return least
        }
    }
}
