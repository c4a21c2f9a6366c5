package import Domain
import Synchronization

/// What one subject uses: its windows, its gauge, its budgets' accounts, behind one lock.
///
/// Found through `Quotas`, and held by every `LimitSet` of the subject.
package final class LimitCounters: Sendable {
    package let subject: QuotaSubject
    let state: Mutex<CounterState>
    private let attached = Atomic(0)

    init(_ subject: QuotaSubject, isShared: Bool) {
        self.subject = subject
        self.state = Mutex(CounterState(isShared: isShared))
    }

    /// How many sets hold on to these counters.
    var attachments: Int { self.attached.load(ordering: .acquiring) }

    func attach() { self.attached.add(1, ordering: .relaxed) }

    func detach() { self.attached.subtract(1, ordering: .releasing) }

    /// The place of the account for `period`, opened where there is none; places never change.
    func account(for period: BudgetPeriod?, resetAt: WallTime?, at now: WallTime) -> Int {
        self.state.withLock { state in
            let index: Int
            if let known = state.accounts.firstIndex(where: { $0.period == period }) {
                index = known
            } else {
                index = state.accounts.count
                state.accounts.append(BudgetAccount(period: period, resetAt: resetAt, at: now))
            }
            state.accounts[index].roll(to: now.milliseconds)
            if let resetAt { state.accounts[index].reset(at: resetAt.milliseconds) }
            return index
        }
    }

    var unseeded: [BudgetPeriod?] {
        self.state.withLock { state in state.accounts.filter { !$0.isSeeded }.map(\.period) }
    }

    /// Takes what a call needs of `lease.set`: all of it or nothing.
    func take(_ demand: borrowing Demand, into lease: inout Lease) -> Refusal? {
        let now = demand.now.milliseconds
        return self.state.withLock { state in state.take(demand, into: &lease, at: now) }
    }

    /// Ends what a lease holds.
    ///
    /// - Returns: whether the soft budget was passed by it.
    func finish(_ lease: borrowing Lease, refundsRequests: Bool, tokenDifference: Int64, cost: Int64) -> Bool {
        self.state.withLock { state in
            state.finish(lease, refundsRequests: refundsRequests, tokenDifference: tokenDifference, cost: cost)
        }
    }

    /// What was spent and set aside; one entry for each budget's period.
    package func spend(at now: WallTime) -> SubjectBudgets {
        self.state.withLock { state in
            var result = SubjectBudgets(total: NanoDollars(state.total))
            for index in state.accounts.indices {
                state.accounts[index].roll(to: now.milliseconds)
                let account = state.accounts[index]
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

/// What a subject has spent.
package struct SubjectBudgets: Sendable, Equatable {
    package struct Account: Sendable, Equatable {
        /// Nil: the whole lifetime.
        package var period: BudgetPeriod?
        package var spent: NanoDollars
        /// Set aside for calls under way.
        package var reserved: NanoDollars
        package var resetAt: WallTime?
    }

    /// In all, over every period, as far as it was seeded.
    package var total: NanoDollars
    package var accounts: [Account] = []

    package init(total: NanoDollars) {
        self.total = total
    }
}
