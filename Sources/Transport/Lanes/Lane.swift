package import NIOCore

/// Something on a lane that has a time limit.
///
/// Confined to its lane, as everything that a lane holds.
protocol LaneTimed: AnyObject {
    /// When ``deadlinePassed()`` is to be called; `.distantFuture` for never.
    var deadline: NIODeadline { get }

    func deadlinePassed(now: NIODeadline)
}

/// One event loop with the client connections, upstream connections and counters that live on it.
///
/// A request is read, decided, sent, relayed and settled on one lane: no lock, no hop, no actor.
///
/// `@unchecked Sendable`: every member but `executor` and `loop` is touched on `loop` only. The classes of this target
/// that say "lane-confined" rely on the same rule; they cross concurrency domains only in closures that run on their loop.
package final class Lane: @unchecked Sendable {
    package let loop: any EventLoop
    package let executor: LaneExecutor
    package let index: Int
    /// One generator a lane, so that no lock is taken.
    package var random = LaneRandom()
    package let clock: LaneClock
    package let upstreams: UpstreamPools
    package var counters = LaneCounters()

    private var timed: [ObjectIdentifier: any LaneTimed] = [:]
    private var ticker: RepeatedTask?
    private(set) var clients: [ObjectIdentifier: ClientConnection] = [:]
    private(set) var isDraining = false

    /// The time of the last tick: right within a tick while anything is watched, and free to read.
    private(set) var now = NIODeadline.now()

    /// How fine time limits are told apart.
    static let tick = TimeAmount.milliseconds(50)

    package init(loop: any EventLoop, index: Int, upstream: UpstreamSettings) {
        self.loop = loop
        self.executor = LaneExecutor(loop)
        self.index = index
        self.clock = LaneClock()
        self.upstreams = UpstreamPools(settings: upstream)
    }

    /// Watches `object`'s deadline until ``unwatch(_:)``.
    ///
    /// One timer serves the whole lane: setting a limit is a store.
    func watch(_ object: any LaneTimed) {
        self.timed[ObjectIdentifier(object)] = object
        guard self.ticker == nil else { return }
        // Nothing has told the time while nothing was watched.
        self.now = .now()
        self.ticker = self.loop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { [weak self] _ in
            self?.checkDeadlines()
        }
    }

    func unwatch(_ object: any LaneTimed) {
        self.timed[ObjectIdentifier(object)] = nil
        guard self.timed.isEmpty else { return }
        self.ticker?.cancel()
        self.ticker = nil
    }

    private func checkDeadlines() {
        let now = NIODeadline.now()
        self.now = now
        let late = self.timed.values.filter { $0.deadline <= now }
        for object in late { object.deadlinePassed(now: now) }
    }

    func add(_ client: ClientConnection) {
        self.clients[ObjectIdentifier(client)] = client
        self.watch(client)
    }

    func remove(_ client: ClientConnection) {
        self.clients[ObjectIdentifier(client)] = nil
        self.unwatch(client)
    }

    /// From now on each connection ends with the answer it is giving; idle ones end after a short while.
    func drain() {
        self.isDraining = true
        for client in self.clients.values { client.drain() }
    }

    /// Ends all client connections, answered or not.
    func cutClients() {
        for client in self.clients.values { client.cut() }
    }
}

/// What a lane has counted since its start.
package struct LaneCounters: Sendable, Equatable {
    package var requests = 0
    package var requestsInFlight = 0
    package var upstreamConnects = 0
    package var clientsGone = 0
    package var promptTokens = 0
    package var completionTokens = 0

    package init() {}
}

extension TimeAmount {
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflow ? Int64.max / 2 : nanoseconds + attoseconds / 1_000_000_000)
    }
}
