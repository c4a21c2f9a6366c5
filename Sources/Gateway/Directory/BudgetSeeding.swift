package import Domain
package import Policies
import Synchronization

/// Tells the budgets what was spent before this process began, by the ledger's sums.
package struct BudgetSeeding: Sendable {
    private let store: any CallStore
    private let quotas: Quotas
    private let clock: any WallClock
    /// Periods of budgets that are no record's: the gateway's, providers', deployments'.
    private let ownPeriods: Set<BudgetPeriod?>

    package init(store: any CallStore, quotas: Quotas, clock: any WallClock, ownPeriods: Set<BudgetPeriod?>) {
        self.store = store
        self.quotas = quotas
        self.clock = clock
        self.ownPeriods = ownPeriods
    }

    private static let subjects: [SubjectKind] = [
        .global, .key, .user, .team, .teamMember, .organization, .endUser, .tag, .provider, .deployment,
    ]

    /// Seeds the budgets of all subjects, and what keys have spent in their lifetimes.
    package func seed(_ directory: Directory) async throws(StoreError) {
        let lifetimes = try await self.store.spend(of: Self.subjects, since: .distantPast, byModel: false)
        self.quotas.seed(lifetimes, period: nil, start: .distantPast, opens: true, at: self.clock.now)
        var keys: [KeyHash: NanoDollars] = [:]
        for spend in lifetimes where spend.kind == .key {
            if let account = KeyHash(hex: spend.id) { keys[account] = spend.spend }
        }
        directory.note(spent: keys)
        try await self.seedModels(nil, since: .distantPast)
        for period in directory.budgetPeriods.union(self.ownPeriods) {
            guard let period else { continue }
            let start = period.window(at: self.clock.now).start
            let spends = try await self.store.spend(of: Self.subjects, since: start, byModel: false)
            self.quotas.seed(spends, period: period, start: start, opens: true, at: self.clock.now)
            try await self.seedModels(period, since: start)
        }
    }

    private func seedModels(_ period: BudgetPeriod?, since start: WallTime) async throws(StoreError) {
        let spends = try await self.store.spend(of: [.key, .team], since: start, byModel: true)
        self.quotas.seed(spends, period: period, start: start, opens: true, at: self.clock.now)
    }
}
