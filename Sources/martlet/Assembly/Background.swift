import Accounting
import Admin
import Domain
import Gateway
internal import Logging
import NIOCore
import Policies
import Settings
import Transport

/// The work beside the lanes: following the store, booking calls, tending limits.
///
/// Owns its tasks from start to stop.
final class Background {
    let management: any ManagementPlane
    private let storage: Storage
    private let feed: DirectoryFeed
    private let logger: Logger
    private var tasks: [Task<Void, Never>] = []

    /// How long the start waits for the database: a gateway that cannot reach it serves what it can.
    private static let patience = TimeAmount.seconds(3)

    init(
        _ storage: Storage,
        _ catalog: Catalog,
        _ configuration: Configuration,
        _ snapshots: SnapshotBox,
        _ logger: Logger
    ) {
        self.storage = storage
        self.logger = logger
        let models = RuntimeModels(loader: catalog.loader, sealer: storage.sealer)
        let source = SnapshotSource(configuration: configuration, builder: catalog.builder, runtimeModels: models)
        let feed = storage.feed(source, snapshots)
        self.feed = feed
        let state = RunningGateway(
            snapshots: snapshots,
            feed: feed,
            quotas: storage.quotas,
            runtimeModels: models,
            clock: storage.clock,
            globalBudget: configuration.library.maxBudget
        )
        self.management = Management(
            store: storage.store,
            state: state,
            sealer: storage.sealer,
            clock: storage.clock,
            settings: ManagementSettings(configuration),
            logger: logger
        )
    }

    /// Loads what the store holds, then follows it.
    func start(on lanes: LaneGroup) {
        let feed = self.feed
        let limits = self.storage.limits
        let clock = self.storage.clock
        let loop = lanes.lanes[0].loop
        let loaded = loop.makePromise(of: Void.self)
        self.tasks.append(
            Task(executorPreference: globalConcurrentExecutor) {
                await limits.start(at: clock.now)
                // A failure is the feed's to report, and to try again.
                try? await feed.load()
                loaded.succeed()
                await feed.run()
            }
        )
        let late = loop.scheduleTask(in: Self.patience) {
            loop.makeFutureWithTask { await feed.serveKept() }.cascade(to: loaded)
        }
        // The promise is never failed.
        try? loaded.futureResult.wait()
        late.cancel()
        if let keeper = self.storage.keeper {
            self.tasks.append(Task(executorPreference: globalConcurrentExecutor) { await keeper.run() })
        }
        if let writer = self.storage.writer {
            self.tasks.append(Task(executorPreference: globalConcurrentExecutor) { await writer.run() })
        }
        if let retention = self.storage.retention {
            self.tasks.append(Task(executorPreference: globalConcurrentExecutor) { await retention.run() })
        }
        let quotas = limits.quotas
        self.tasks.append(Task(executorPreference: globalConcurrentExecutor) { await quotas.work(clock: clock) })
    }

    /// Books what is left and lets go of the store; after the last call.
    func stop(on lanes: LaneGroup) {
        let tasks = self.tasks
        let storage = self.storage
        let logger = self.logger
        for task in tasks { task.cancel() }
        let done = lanes.lanes[0].loop.makeFutureWithTask {
            for task in tasks { await task.value }
            await storage.limits.stop(at: storage.clock.now)
            if let writer = storage.writer, await !writer.finish() {
                logger.warning("not all calls are in the database yet; the journal keeps them for the next start")
            }
            await storage.keeper?.finish()
            await storage.store.close()
        }
        // The task throws nothing.
        try? done.wait()
    }
}
