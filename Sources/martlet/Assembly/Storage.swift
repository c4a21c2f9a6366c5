import Accounting
import Domain
import Gateway
internal import Logging
import Policies
import Settings
import Stores
import Transport

/// The database and what lives from it: who may call, what was spent, where calls are booked.
struct Storage {
    let store: any Store
    let sealer: any Sealer
    /// Nil where there is no key to seal the last good state with.
    let keeper: LastGoodKeeper?
    let journal: Journal?
    let writer: LedgerWriter?
    /// Nil where records are kept for ever.
    let retention: LedgerRetention?
    let limits: SharedLimits
    let books: CallBooks
    let health = StoreHealth()
    let clock = SystemClock()
    var quotas: Quotas { self.limits.quotas }
    private let configuration: Configuration
    private let logger: Logger

    /// - Throws: `StartFailure` for what an operator has to change.
    init(_ configuration: Configuration, lanes: Int, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let data = try DataDirectory(configuration.server.dataDirectory ?? "martlet-data")
        let store = try StoreOpening.open(configuration.general, data, self.clock)
        self.store = store
        self.sealer = Sealing.sealer(configuration.general)
        let limits = try SharedLimits(configuration.sharedCounters, logger: logger)
        self.limits = limits
        self.keeper = Sealing.keeper(configuration.general, data, limits.quotas, self.clock, logger)
        let keepsRecords = !configuration.general.disablesSpendLogs
        let journal =
            keepsRecords ? Journal(directory: data.journal, process: RandomName.make(), lanes: lanes) : nil
        self.journal = journal
        self.writer = journal.map { journal in
            LedgerWriter(journal: journal, store: store) { logger.warning("\($0)") }
        }
        self.retention = Self.retention(configuration.general, store, self.clock, logger)
        self.books = Self.books(configuration, limits.quotas, journal, self.clock.now)
    }

    private static func retention(
        _ general: GeneralSettings,
        _ store: any Store,
        _ clock: SystemClock,
        _ logger: Logger
    ) -> LedgerRetention? {
        guard general.retentionPeriod != nil || general.retentionRecords != nil else { return nil }
        return LedgerRetention(
            store: store,
            period: general.retentionPeriod,
            records: general.retentionRecords,
            clock: clock
        ) { logger.warning("\($0)") }
    }

    /// The limits of the gateway as a whole.
    private static func books(
        _ configuration: Configuration,
        _ quotas: Quotas,
        _ journal: Journal?,
        _ now: WallTime
    ) -> CallBooks {
        let general = configuration.general
        let library = configuration.library
        var values = LimitValues()
        values.requests = general.globalMaxRPM.map(Int64.init)
        values.tokens = general.globalMaxTPM.map(Int64.init)
        values.parallel = general.globalMaxParallelRequests.map(Int64.init)
        if let budget = library.maxBudget {
            values.budgets = [BudgetLimit(limit: budget, period: library.budgetDuration)]
        }
        let global = values.isEmpty ? [] : [quotas.limits(of: .global, label: "", values, at: now)]
        return CallBooks(
            quotas: quotas,
            journal: journal,
            globalLimits: global,
            providerLimits: self.providerLimits(configuration, quotas, now),
            isStrict: general.budgetMode == .strict,
            budgetStatus: library.budgetExceededStatusCode ?? 422
        )
    }

    private static func providerLimits(
        _ configuration: Configuration,
        _ quotas: Quotas,
        _ now: WallTime
    ) -> [String: LimitSet] {
        var sets: [String: LimitSet] = [:]
        for budget in configuration.router.providerBudgets {
            var values = LimitValues()
            values.budgets = [BudgetLimit(limit: budget.limit, period: budget.period)]
            let subject = QuotaSubject(.provider, budget.provider)
            sets[budget.provider] = quotas.limits(of: subject, label: budget.provider, values, at: now)
        }
        return sets
    }

    /// Periods of the budgets that no record has.
    private var ownPeriods: Set<BudgetPeriod?> {
        var periods: Set<BudgetPeriod?> = [self.configuration.library.budgetDuration]
        for budget in self.configuration.router.providerBudgets { periods.insert(budget.period) }
        for model in self.configuration.models where model.parameters.maxBudget != nil {
            periods.insert(model.parameters.budgetDuration)
        }
        return periods
    }

    /// What follows the store, and tells budgets what was spent.
    func feed(_ source: SnapshotSource, _ snapshots: SnapshotBox) -> DirectoryFeed {
        var defaults = DirectoryDefaults()
        defaults.endUserBudget = self.configuration.library.maxEndUserBudget
        let seeding = BudgetSeeding(
            store: self.store,
            quotas: self.quotas,
            clock: self.clock,
            ownPeriods: self.ownPeriods
        )
        let writer = self.writer
        return DirectoryFeed(
            store: self.store,
            source: source,
            snapshots: snapshots,
            declared: DeclaredUsers(self.configuration),
            defaults: defaults,
            health: self.health,
            interval: self.configuration.server.pollInterval,
            clock: self.clock,
            newID: { RandomName.make() },
            logger: self.logger,
            keeper: self.keeper
        ) { directory throws(StoreError) in
            // What a process before this one left in its journal counts too.
            await writer?.replay()
            try await seeding.seed(directory)
        }
    }
}
