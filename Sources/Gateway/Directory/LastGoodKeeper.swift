package import Domain
package import Logging
import Policies

/// Keeps the state in force where a start finds it while the store is away: a while after each change, off the lanes.
package actor LastGoodKeeper {
    /// What is to be kept.
    private struct State {
        var directory: Directory
        var models: [StoredModel]
    }

    private let file: any LastGoodState
    private let logger: Logger
    private let interval: Duration
    private var pending: State?
    private var isFailing = false

    /// `interval`: how long changes wait for more; longer where keeping takes long.
    package init(_ file: any LastGoodState, interval: Duration = .seconds(2), logger: Logger) {
        self.file = file
        self.interval = interval
        self.logger = logger
    }

    func note(_ directory: Directory, _ models: [StoredModel]) {
        self.pending = State(directory: directory, models: models)
    }

    /// What was kept before; nil when there is nothing that can be read.
    func load() async -> RecordSet? {
        do throws(StoreError) {
            return try await self.file.load()
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
            await self.flush()
            // A twentieth of the time at most, however many keys there are.
            pause = max(self.interval, (ContinuousClock.now - begun) * 20)
        }
    }

    /// Keeps what waits.
    package func flush() async {
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
            if !self.isFailing {
                self.logger.warning("the last good state cannot be kept", metadata: ["reason": "\(error.detail)"])
            }
            self.isFailing = true
        }
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
