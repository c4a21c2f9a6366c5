package import Domain
package import Logging
package import Policies
import Synchronization

/// Follows the store: every change of people, keys and models becomes a snapshot, on this replica at once and on the
/// others within the interval.
///
/// The store being away stops nothing: the snapshot in force stays, and the feed tries again.
package actor DirectoryFeed {
    private let store: any Store
    private let source: SnapshotSource
    private let snapshots: SnapshotBox
    private let declared: DeclaredUsers
    private let health: StoreHealth
    private let interval: Duration
    private let logger: Logger
    private let clock: any WallClock
    private let newID: @Sendable () -> String
    private let defaults: DirectoryDefaults
    private var builder: DirectoryBuilder
    private var isLoaded = false
    /// Whether what was kept serves meanwhile, or there is nothing kept.
    private var hasTriedKept = false
    private let keeper: LastGoodKeeper?
    /// Called when everything was loaded anew, before requests see it: budgets must know what was spent.
    private let onLoad: @Sendable (Directory) async throws(StoreError) -> Void

    package init(
        store: any Store,
        source: SnapshotSource,
        snapshots: SnapshotBox,
        declared: DeclaredUsers,
        defaults: DirectoryDefaults,
        health: StoreHealth,
        interval: Duration,
        clock: any WallClock,
        newID: @escaping @Sendable () -> String,
        logger: Logger,
        keeper: LastGoodKeeper? = nil,
        onLoad: @escaping @Sendable (Directory) async throws(StoreError) -> Void
    ) {
        self.store = store
        self.source = source
        self.snapshots = snapshots
        self.declared = declared
        self.health = health
        self.interval = interval
        self.clock = clock
        self.newID = newID
        self.logger = logger
        self.keeper = keeper
        self.defaults = defaults
        self.builder = DirectoryBuilder(defaults: defaults)
        self.onLoad = onLoad
    }

    /// Opens the store and loads all of it.
    package func load() async throws(StoreError) {
        do throws(StoreError) {
            try await self.store.prepare()
            try await self.declared.write(to: self.store, now: self.clock.now, newID: self.newID)
            let collected = KeyCollection()
            let records = try await self.store.loadAll { collected.add(KeyEntry($0)) }
            self.builder.load(records, keys: collected.take())
            let directory = self.builder.build()
            try await self.onLoad(directory)
            self.isLoaded = true
            await self.publish(directory, modelsChanged: true)
        } catch {
            await self.serveKept()
            self.report(error)
            throw error
        }
        self.report(nil)
    }

    /// Serves from what was kept of the store, if anything was, until the store can be loaded.
    package func serveKept() async {
        guard !self.isLoaded, !self.hasTriedKept, let keeper = self.keeper else { return }
        self.hasTriedKept = true
        guard let records = await keeper.load(), !self.isLoaded else { return }
        var kept = DirectoryBuilder(defaults: self.defaults)
        kept.load(records, keys: [])
        self.replaceSnapshot(kept.build(), models: records.models)
        self.logger.notice(
            "the database cannot be reached: serving from the last good state",
            metadata: ["revision": "\(records.revision)", "keys": "\(records.keys.count)"]
        )
    }

    /// Follows the store until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: self.interval)
            } catch {
                return
            }
            await self.refresh()
        }
    }

    /// Takes in what has changed; errors are kept for the next round.
    package func refresh() async {
        do throws(StoreError) {
            guard self.isLoaded else {
                try await self.load()
                return
            }
            let changes = try await self.store.changes(after: self.builder.revision)
            self.report(nil)
            if changes.needsReload {
                try await self.load()
            } else if changes.revision > self.builder.revision {
                self.builder.apply(changes)
                let hasModels = !changes.changed.models.isEmpty || changes.deleted.contains { $0.kind == .model }
                await self.publish(self.builder.build(), modelsChanged: hasModels)
            }
        } catch {
            self.report(error)
        }
    }

    /// Returns when requests see the change of this number, or the store is away.
    package func catchUp(to revision: Int64) async {
        guard self.builder.revision < revision else { return }
        await self.refresh()
    }

    /// Puts what the builder holds in force, and sees to it that it is kept.
    private func publish(_ directory: Directory, modelsChanged: Bool) async {
        let models = self.builder.models
        self.replaceSnapshot(directory, models: modelsChanged ? models : nil)
        await self.keeper?.note(directory, models)
    }

    /// `models`: nil when they are as they were.
    private func replaceSnapshot(_ directory: Directory, models: [StoredModel]?) {
        let version = self.snapshots.replace { current in
            guard let models else { return current.replacing(directory) }
            let (snapshot, problems) = self.source.snapshot(
                models,
                directory: directory,
                version: current.version + 1,
                over: current
            )
            for problem in problems { self.logger.warning("\(problem)") }
            return snapshot
        }
        self.logger.debug(
            "snapshot replaced",
            metadata: ["version": "\(version)", "revision": "\(directory.revision)", "keys": "\(directory.keys.count)"]
        )
    }

    /// One line when the store goes away, one when it is back.
    private func report(_ error: StoreError?) {
        guard self.health.note(isAvailable: error == nil) else { return }
        if let error {
            self.logger.error(
                "the database is not available; what is known of keys and models stays in force",
                metadata: ["database": "\(self.store.backend)", "reason": "\(error.detail)"]
            )
        } else {
            self.logger.info("the database is available", metadata: ["database": "\(self.store.backend)"])
        }
    }
}

/// Whether the store answered when it was last asked.
package final class StoreHealth: Sendable {
    private let state = Mutex<Bool?>(nil)

    package init() {}

    package var isAvailable: Bool { self.state.withLock { $0 } ?? false }

    /// - Returns: whether this is news.
    func note(isAvailable: Bool) -> Bool {
        self.state.withLock { state in
            defer { state = isAvailable }
            return state != isAvailable
        }
    }
}

/// Gathers keys as the store hands them over.
private final class KeyCollection: Sendable {
    private let entries = Mutex<[KeyEntry]>([])

    func add(_ entry: KeyEntry) {
        self.entries.withLock { $0.append(entry) }
    }

    func take() -> [KeyEntry] {
        self.entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
