import Accounting
package import Domain
package import NIOCore
package import Policies
import Routing
import Settings
import WireFormats

/// The running gateway as management sees it.
package struct RunningGateway: GatewayState {
    private let snapshots: SnapshotBox
    private let feed: DirectoryFeed
    private let quotas: Quotas
    private let runtimeModels: RuntimeModels
    private let clock: any WallClock
    package let globalBudget: NanoDollars?

    package init(
        snapshots: SnapshotBox,
        feed: DirectoryFeed,
        quotas: Quotas,
        runtimeModels: RuntimeModels,
        clock: any WallClock,
        globalBudget: NanoDollars?
    ) {
        self.snapshots = snapshots
        self.feed = feed
        self.quotas = quotas
        self.runtimeModels = runtimeModels
        self.clock = clock
        self.globalBudget = globalBudget
    }

    package func catchUp(to revision: Int64) async {
        await self.feed.catchUp(to: revision)
    }

    package func liveSpend(_ kind: SubjectKind, _ id: String) -> NanoDollars? {
        guard let budgets = self.quotas.spend(of: QuotaSubject(kind, id), at: self.clock.now) else { return nil }
        return budgets.accounts.first?.spent ?? budgets.total
    }

    package func resetSpend(_ kind: SubjectKind, _ id: String) async {
        self.quotas.reset(kind, id, at: self.clock.now)
    }

    package var modelGroups: [(name: String, accessGroups: [String])] {
        let models = self.snapshots.snapshot.models
        return models.names.map { ($0, models.match($0)?.group.accessGroups ?? []) }
    }

    package var declaredModelIDs: Set<String> {
        Set(self.snapshots.snapshot.prepared.filter { !$0.isRuntime }.map(\.deployment.id))
    }

    package func modelInfo(_ isAllowed: (String) -> Bool) -> [ByteBuffer] {
        ModelInfoEndpoint.entries(snapshot: self.snapshots.snapshot, isAllowed)
    }

    package func checkModel(name: String, parameters: ByteBuffer, info: ByteBuffer?) throws(GatewayError) {
        let info = info.map { String(buffer: $0) }
        _ = try self.runtimeModels.entry(name, String(buffer: parameters), info)
    }

    package func price(model: String, usage: TokenUsage) -> CallCost? {
        let snapshot = self.snapshots.snapshot
        guard let deployment = snapshot.models.match(model)?.group.deployments.first else { return nil }
        return snapshot.prepared[deployment.index].prices.cost(of: usage, model: deployment.upstreamModel)
    }

    package func estimateInput(_ body: ByteBuffer) -> Int {
        max(1, body.readableBytes / 4)
    }
}
