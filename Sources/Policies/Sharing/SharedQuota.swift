package import Domain
import Synchronization

/// Fills the pools of this replica from the counters that all share, and gives back what they do not need.
///
/// Calls that lack quota of the same counters at the same time ask together: the first asks for all that wait with it.
/// While nobody answers, nobody is asked, but for a sign of life now and then.
final class SharedQuota: Sendable {
    let counters: any SharedCounters
    let settings: SharedQuotaSettings
    let state = Mutex(State())
    private let report: @Sendable (SharedQuotaChange) -> Void
    private let isThere = Atomic(false)
    private let replicaCount = Atomic(1)
    private let listing = Mutex<[LimitCounters]>([])
    let bell: AsyncStream<Void>
    private let bellRope: AsyncStream<Void>.Continuation

    struct State: Sendable {
        var groups: [[CounterName]: Group] = [:]
        /// Calls that wait for an answer.
        var asking = 0
        /// Nobody may ask, because it is being told what is held.
        var isStill = false
        var parked: [CheckedContinuation<Void, Never>] = []
        var whenStill: CheckedContinuation<Void, Never>?
        var failures = 0
        /// What is held may not be what the shared counters say.
        var isDoubtful = true
        var wasThere = false
        var isTold = false
        /// Told, but perhaps not heard.
        var batches: [[SliceReturn]] = []
        var number: Int64 = 1
        var nextBeat: Int64 = 0
    }

    /// Calls that lack quota of the same counters.
    struct Group: Sendable {
        var waiting: [Waiter] = []
    }

    struct Waiter: Sendable {
        var lacks: [Lack]
        var continuation: CheckedContinuation<FetchEnd, Never>
    }

    /// How a wait for quota ended.
    enum FetchEnd: Sendable {
        /// Try again.
        case again
        /// Ask, for all that wait by now.
        case lead
        case refused(Refusal)
        case unavailable
    }

    private static let failuresToLeave = 3

    init(
        _ counters: any SharedCounters,
        _ settings: SharedQuotaSettings,
        _ report: @escaping @Sendable (SharedQuotaChange) -> Void
    ) {
        self.counters = counters
        self.settings = settings
        self.report = report
        (self.bell, self.bellRope) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var replicas: Int64 { Int64(max(1, self.replicaCount.load(ordering: .relaxed))) }

    /// How limits hold now; `alone` for a call that got no answer.
    func view(alone: Bool) -> SharedView {
        if !alone, self.isThere.load(ordering: .acquiring) { return .there }
        return .away(
            SharedView.Away(
                rates: self.settings.rateFallback,
                budgets: self.settings.budgetFallback,
                replicas: self.replicas
            )
        )
    }

    /// How much of a limit may lie here unused.
    func cap(_ limit: Int64) -> Int64 {
        self.settings.precision == .strict ? 0 : limit / (SharedQuotaSettings.sliceDivisor * self.replicas)
    }

    // MARK: Whom to look after

    func list(_ counters: LimitCounters) { self.listing.withLock { $0.append(counters) } }

    /// Takes the list; who is still of interest is to be put back.
    func takeList() -> [LimitCounters] {
        self.listing.withLock { list in
            defer { list = [] }
            return list
        }
    }

    /// Has `tend` called soon.
    func ring() { self.bellRope.yield() }

    // MARK: There and away

    func succeeded() { self.state.withLock { $0.failures = 0 } }

    /// Nobody answered, or only to say no.
    func failed(_ error: SharedCounterError) {
        let leaves = self.state.withLock { state in
            state.isDoubtful = true
            state.failures += 1
            return state.failures >= Self.failuresToLeave
        }
        if leaves { self.leave(error) }
    }

    func leave(_ error: SharedCounterError) {
        self.isThere.store(false, ordering: .releasing)
        let isNews = self.state.withLock { state in
            defer { state.isTold = true }
            return !state.isTold
        }
        if isNews { self.report(.away(error)) }
    }

    func arrive(replicas: Int) {
        self.replicaCount.store(replicas, ordering: .relaxed)
        guard !self.isThere.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let isNews = self.state.withLock { state in
            defer { (state.isTold, state.wasThere, state.failures) = (false, true, 0) }
            return state.isTold || !state.wasThere
        }
        if isNews { self.report(.there(replicas: replicas)) }
    }

    var isAway: Bool { !self.isThere.load(ordering: .acquiring) }
}

/// News of the shared counters.
package enum SharedQuotaChange: Sendable, Equatable {
    /// They do not answer: from now on the declared fallback holds.
    case away(SharedCounterError)
    /// They answer: limits are shared.
    case there(replicas: Int)
}
