import Domain
import Synchronization

extension SharedQuota {
    private static let mostReturns = 200
    private static let beatMilliseconds: Int64 = 1000
    private static let beatMillisecondsAway: Int64 = 200
    private static let mostHoldings = 500

    /// Tells what is to be told, and says that this replica lives.
    ///
    /// Not to be called twice at a time.
    func tend(at now: Int64) async {
        let (isDue, isDoubtful) = self.state.withLock { state in
            (now >= state.nextBeat || now < state.nextBeat - 10_000, state.isDoubtful)
        }
        if self.isAway, !isDue { return }
        if isDue || isDoubtful {
            let pause = self.isAway ? Self.beatMillisecondsAway : Self.beatMilliseconds
            self.state.withLock { $0.nextBeat = now + pause }
            guard await self.beat(at: now) else { return }
        }
        guard !self.isAway else { return }
        self.collect(all: false, at: now)
        await self.tell()
    }

    /// - Returns: whether it was heard.
    private func beat(at now: Int64) async -> Bool {
        do throws(SharedCounterError) {
            // What was told without being heard comes first: it says less than the holdings do.
            try await self.tellOnce()
            var count = try await self.counters.heartbeat([])
            let isDoubtful = self.state.withLock { $0.isDoubtful }
            if isDoubtful || !count.wasKnown { count = try await self.declare(count, at: now) }
            self.succeeded()
            self.arrive(replicas: count.count)
            return true
        } catch {
            self.failed(error)
            if self.isAway { self.leave(error) }
            return false
        }
    }

    /// Says what is really held, while nobody asks for more.
    private func declare(_ count: ReplicaCount, at now: Int64) async throws(SharedCounterError) -> ReplicaCount {
        await self.still()
        defer { self.stir() }
        self.state.withLock { $0.isDoubtful = false }
        let list = self.takeList()
        for counters in list { self.list(counters) }
        var holdings: [Holding] = []
        for counters in list {
            holdings += counters.state.withLock { state in state.holdings(counters.subject, at: now) }
        }
        var count = count
        var start = 0
        do throws(SharedCounterError) {
            while start < holdings.count {
                let end = min(holdings.count, start + Self.mostHoldings)
                count = try await self.counters.heartbeat(Array(holdings[start..<end]))
                start = end
            }
        } catch {
            self.state.withLock { $0.isDoubtful = true }
            throw error
        }
        return count
    }

    /// Makes batches of what is to be told.
    private func collect(all: Bool, at now: Int64) {
        var returns: [SliceReturn] = []
        for counters in self.takeList() {
            counters.unlist()
            let (own, isQuiet) = counters.state.withLock { state in
                state.collect(counters.subject, self.settings, all: all, at: now)
            }
            returns += own
            if !isQuiet { counters.changed(isDue: false) }
        }
        guard !returns.isEmpty else { return }
        var batches: [[SliceReturn]] = []
        for start in stride(from: 0, to: returns.count, by: Self.mostReturns) {
            batches.append(Array(returns[start..<min(returns.count, start + Self.mostReturns)]))
        }
        self.state.withLock { $0.batches += batches }
    }

    private func tell() async {
        do throws(SharedCounterError) {
            try await self.tellOnce()
        } catch {
            self.failed(error)
        }
    }

    private func tellOnce() async throws(SharedCounterError) {
        while let (batch, number) = self.state.withLock({ state in state.batches.first.map { ($0, state.number) } }) {
            do throws(SharedCounterError) {
                try await self.counters.give(batch, number: number)
            } catch {
                // A batch that is refused is refused for ever.
                guard case .refused = error else { throw error }
                self.drop()
                throw error
            }
            self.drop()
        }
    }

    private func drop() {
        self.state.withLock { state in
            state.number += 1
            state.batches.removeFirst()
        }
    }

    /// Gives everything back and says good-bye.
    func shutDown(at now: Int64) async {
        guard !self.isAway else { return }
        self.collect(all: true, at: now)
        await self.tell()
        await self.counters.leave()
    }
}
