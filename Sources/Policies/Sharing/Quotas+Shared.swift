package import Domain
import Synchronization

extension Quotas {
    /// How a wait for shared quota ended.
    package enum Fetched: Sendable {
        /// `admit` is to be asked again.
        case again
        /// Others have used it up.
        case refused(Refusal)
        /// Nobody answered: `admit` is to be asked with `alone`.
        case unavailable
    }

    /// Fetches shared quota in one round trip; the caller then asks `admit` again, with the time it is by then.
    ///
    /// - Returns: what to do next.
    package func fetch(_ shortage: SharedShortage) async -> Fetched {
        guard let sharing = self.sharing, !shortage.lacks.isEmpty else { return .again }
        return switch await sharing.fetch(shortage.lacks, at: shortage.startedAt) {
        case .again, .lead: .again
        case .refused(let refusal): .refused(refusal)
        case .unavailable: .unavailable
        }
    }

    func shortage(_ demand: borrowing Demand) -> SharedShortage {
        var lacks: [Lack] = []
        for set in demand.more where !set.isEmpty { lacks += set.counters.state.withLock { $0.lacks(demand, set) } }
        for set in demand.sets where !set.isEmpty { lacks += set.counters.state.withLock { $0.lacks(demand, set) } }
        return SharedShortage(lacks: lacks, startedAt: demand.now.milliseconds)
    }

    /// Asks as often as it takes: `admit` and `fetch` in one, for callers that may suspend.
    ///
    /// - Parameters:
    ///   - demand: what the call needs.
    ///   - clock: tells the time after each wait.
    /// - Returns: never `.needsShared`, unless others were faster many times in a row.
    package func admit(_ demand: Demand, clock: () -> WallTime) async -> Verdict {
        var demand = demand
        var verdict = self.admit(demand)
        for _ in 0..<Self.mostFetches {
            guard case .needsShared(let shortage) = verdict else { return verdict }
            let fetched = await self.fetch(shortage)
            demand.now = clock()
            switch fetched {
            case .again: verdict = self.admit(demand)
            case .refused(let refusal): return .refused(refusal)
            case .unavailable:
                // An answer that comes late is no outage: money is asked for again until it is known to be one.
                guard shortage.isOfMoney, self.mustAskForMoney else { return self.admit(demand, alone: true) }
                verdict = self.admit(demand)
            }
        }
        return verdict
    }

    private static let mostFetches = 32

    private var mustAskForMoney: Bool {
        guard let sharing = self.sharing else { return false }
        return !sharing.isAway && sharing.settings.budgetFallback == .local
    }

    /// Gives idle slices back, reports spend, and says that this replica lives, as often as each is due.
    ///
    /// Does nothing without shared counters. Not to be called twice at a time.
    package func tend(at now: WallTime) async {
        await self.sharing?.tend(at: now.milliseconds)
    }

    /// Tends the shared counters until the task is cancelled: every 50 ms, and at once when something is due.
    package func work(clock: any WallClock) async {
        guard let sharing = self.sharing else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    sharing.ring()
                    do { try await Task.sleep(for: Self.tendInterval) } catch { return }
                }
            }
            for await _ in sharing.bell {
                await sharing.tend(at: clock.now.milliseconds)
                if Task.isCancelled { break }
            }
            group.cancelAll()
        }
    }

    private static let tendInterval = Duration.milliseconds(50)

    /// Gives all slices back; the last thing to do after the last call has ended.
    package func shutDown(at now: WallTime) async {
        await self.sharing?.shutDown(at: now.milliseconds)
    }
}
