package import Domain
package import Logging
package import Policies

/// Keeps the state in force where a start finds it while the store is away: a while after each change, off the lanes.
package actor LastGoodKeeper {
    /// What is to be kept.
    private struct State {
        var directory: Directory
        var models: [StoredModel]
    }

    private let file: any LastGoodState
    private let logger: Logger
    private let quotas: Quotas
    private let clock: any WallClock
    private let interval: Duration
    private var pending: State?
    /// Rounds until spend is kept again.
    private var roundsToSpend = LastGoodKeeper.spendRounds
    private var isFailing = false

    /// Spend changes with every call.
    private static let spendRounds = 15

    /// `interval`: how long changes wait for more; longer where keeping takes long.
    package init(
        _ file: any LastGoodState,
        quotas: Quotas,
        clock: any WallClock,
        interval: Duration = .seconds(2),
        logger: Logger
    ) {
        self.file = file
        self.quotas = quotas
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    func note(_ directory: Directory, _ models: [StoredModel]) {
        self.pending = State(directory: directory, models: models)
    }

    /// What was kept before, nil when there is nothing that can be read; budgets learn what had been spent.
    func load() async -> RecordSet? {
        do throws(StoreError) {
            guard let records = try await self.file.load() else { return nil }
            self.quotas.seed(kept: try await self.file.loadSpend(), at: self.clock.now)
            return records
        } catch {
            self.logger.warning("the last good state is not used", metadata: ["reason": "\(error.detail)"])
            return nil
        }
    }

    /// Keeps what changes until the task is cancelled.
    package func run() async {
        var pause = self.interval
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause) } catch { return }
            let begun = ContinuousClock.now
            self.roundsToSpend -= 1
            await self.keepRecords()
            if self.roundsToSpend <= 0 { await self.keepSpend() }
            // A twentieth of the time at most, however many keys there are.
            pause = max(self.interval, (ContinuousClock.now - begun) * 20)
        }
    }

    /// Keeps what waits, and what was spent.
    package func finish() async {
        await self.keepRecords()
        await self.keepSpend()
    }

    private func keepSpend() async {
        self.roundsToSpend = Self.spendRounds
        do throws(StoreError) {
            try await self.file.saveSpend(self.quotas.keptSpend(at: self.clock.now))
        } catch {
            self.tell(error)
        }
    }

    private func keepRecords() async {
        guard let state = self.pending else { return }
        self.pending = nil
        do throws(StoreError) {
            try await self.file.save(Self.records(state)) { each in
                for entry in state.directory.keys.values { each(entry.record) }
            }
            self.isFailing = false
        } catch {
            // For the next round, unless something newer waits by now.
            self.pending = self.pending ?? state
            self.tell(error)
        }
    }

    private func tell(_ error: StoreError) {
        if !self.isFailing {
            self.logger.warning("the last good state cannot be kept", metadata: ["reason": "\(error.detail)"])
        }
        self.isFailing = true
    }

    private static func records(_ state: State) -> RecordSet {
        let directory = state.directory
        var records = RecordSet()
        records.revision = directory.revision
        records.users = Array(directory.users.values)
        records.teams = Array(directory.teams.values)
        records.organizations = Array(directory.organizations.values)
        records.endUsers = Array(directory.endUsers.values)
        records.budgets = Array(directory.budgets.values)
        records.tags = Array(directory.tags.values)
        records.models = state.models
        return records
    }
}
