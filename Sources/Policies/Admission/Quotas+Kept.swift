package import Domain
import Synchronization

extension Quotas {
    /// What everybody has spent in the windows of their budgets that run.
    package func keptSpend(at now: WallTime) -> [KeptSpend] {
        self.registry.all.flatMap { $0.keptSpend(at: now) }
    }

    /// Takes in what an earlier process had counted, until the ledger can be asked; windows that are over are passed
    /// over.
    package func seed(kept spends: [KeptSpend], at now: WallTime) {
        for spend in spends {
            let subject = QuotaSubject(spend.kind, spend.id, model: spend.model)
            let counters = self.registry.counters(of: subject, attaching: false)
            // A window that was reset began with the reset.
            _ = counters.account(for: spend.period, resetAt: spend.start, at: now)
            counters.seed(spend.spent, period: spend.period, start: spend.start, opens: true, at: now)
        }
    }
}

extension LimitCounters {
    fileprivate func keptSpend(at now: WallTime) -> [KeptSpend] {
        self.state.withLock { state in
            var spends: [KeptSpend] = []
            for place in state.accounts.indices {
                state.accounts[place].roll(to: now.milliseconds)
                let account = state.accounts[place]
                guard account.spent > 0 else { continue }
                spends.append(
                    KeptSpend(
                        self.subject.kind,
                        self.subject.id,
                        model: self.subject.model,
                        period: account.period,
                        start: WallTime(milliseconds: account.start),
                        spent: NanoDollars(account.spent)
                    )
                )
            }
            return spends
        }
    }
}
