package import Domain
import Synchronization

/// What one subject uses: its windows, its gauge, its budgets' accounts, behind one lock.
///
/// Found through `Quotas`, and held by every `LimitSet` of the subject.
package final class LimitCounters: Sendable {
    package let subject: QuotaSubject
    /// Nil where this process shares nothing.
    let sharing: SharedQuota?
    let state: Mutex<CounterState>
    private let attached = Atomic(0)
    private let listed = Atomic(false)

    init(_ subject: QuotaSubject, sharing: SharedQuota? = nil) {
        self.subject = subject
        self.sharing = sharing
        self.state = Mutex(CounterState())
    }

    /// How many sets hold on to these counters.
    var attachments: Int { self.attached.load(ordering: .acquiring) }

    func attach() { self.attached.add(1, ordering: .relaxed) }

    func detach() { self.attached.subtract(1, ordering: .releasing) }

    /// Has what changed here told to the shared counters, at once where `isDue`.
    func changed(isDue: Bool) {
        guard let sharing = self.sharing else { return }
        if !self.listed.exchange(true, ordering: .acquiringAndReleasing) { sharing.list(self) }
        if isDue { sharing.ring() }
    }

    /// To be called before it is found out whether anything is left to tell.
    func unlist() { self.listed.store(false, ordering: .sequentiallyConsistent) }

    /// The place of the account for `period`, opened where there is none; places never change.
    func account(for period: BudgetPeriod?, resetAt: WallTime?, at now: WallTime) -> Int {
        self.state.withLock { state in
            let place = state.place(of: period, at: now)
            state.accounts[place].roll(to: now.milliseconds)
            if let resetAt { state.accounts[place].reset(at: resetAt.milliseconds, isSeen: false) }
            return place
        }
    }

    func unseeded(at now: WallTime) -> [UnseededBudget] {
        self.state.withLock { state in
            var result: [UnseededBudget] = []
            for place in state.accounts.indices {
                state.accounts[place].roll(to: now.milliseconds)
                let account = state.accounts[place]
                guard !account.isSeeded else { continue }
                result.append(UnseededBudget(period: account.period, start: WallTime(milliseconds: account.start)))
            }
            return result
        }
    }

    /// What was spent and set aside, in all and in each budget's window.
    package func spend(at now: WallTime) -> SubjectBudgets {
        self.state.withLock { state in
            var result = SubjectBudgets(total: NanoDollars(state.total))
            for place in state.accounts.indices {
                state.accounts[place].roll(to: now.milliseconds)
                let account = state.accounts[place]
                result.accounts.append(
                    SubjectBudgets.Account(
                        period: account.period,
                        spent: NanoDollars(account.spent),
                        reserved: NanoDollars(account.reserved),
                        resetAt: account.endsAt
                    )
                )
            }
            return result
        }
    }
}

extension LimitCounters {
    /// Takes in what the ledger knows.
    ///
    /// `opens`: whether to open an account for `period` where there is none.
    func seed(_ amount: NanoDollars, period: BudgetPeriod?, start: WallTime, opens: Bool, at now: WallTime) {
        self.state.withLock { state in
            if period == nil, start.milliseconds <= 0 { state.total = max(state.total, amount.value) }
            guard opens || state.accounts.contains(where: { $0.period == period }) else { return }
            let place = state.place(of: period, at: now)
            state.accounts[place].roll(to: now.milliseconds)
            state.accounts[place].seed(amount.value, start: start.milliseconds)
        }
    }

    /// Forgets what was spent in the windows that run.
    func reset(at now: WallTime) {
        self.state.withLock { state in
            for place in state.accounts.indices {
                state.accounts[place].roll(to: now.milliseconds)
                state.accounts[place].reset(at: now.milliseconds, isSeen: true)
            }
        }
    }

    /// Whether nothing would be lost without them.
    func isOver(at now: WallTime, idleMilliseconds: Int64, keepsSpend: Bool) -> Bool {
        self.state.withLock { state in
            guard now.milliseconds - state.usedAt >= idleMilliseconds, state.gauge.inUse == 0,
                state.requests.used(at: now.milliseconds) == 0, state.tokens.used(at: now.milliseconds) == 0,
                state.shared.first?.isQuiet ?? true
            else { return false }
            for place in state.accounts.indices {
                state.accounts[place].roll(to: now.milliseconds)
                guard state.accounts[place].reserved == 0 else { return false }
                guard !keepsSpend || state.accounts[place].spent == 0 else { return false }
            }
            return !keepsSpend || state.total == 0
        }
    }
}

/// What a subject has spent.
package struct SubjectBudgets: Sendable, Equatable {
    package struct Account: Sendable, Equatable {
        /// Nil: the whole lifetime.
        package var period: BudgetPeriod?
        package var spent: NanoDollars
        /// Set aside for calls under way.
        package var reserved: NanoDollars
        /// The first moment of the next window; nil for a lifetime.
        package var resetAt: WallTime?
    }

    /// In all, as far as it was seeded, whatever was reset.
    package var total: NanoDollars
    package var accounts: [Account] = []

    package init(total: NanoDollars) {
        self.total = total
    }
}
