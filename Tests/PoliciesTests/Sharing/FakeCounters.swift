import Domain
import Synchronization
import TestSupport

@testable import Policies

/// What replicas share, in memory: the same rules as the scripts that Redis runs, written another way.
final class FakeServer: Sendable {
    struct Budget {
        var spent: Int64
        var held: [Int: Int64] = [:]
    }

    struct State {
        var now: Int64 = WallTime.start.milliseconds
        /// Amounts by second.
        var rates: [CounterName: [Int64: Int64]] = [:]
        var slots: [CounterName: [Int: Int64]] = [:]
        var budgets: [CounterName: Budget] = [:]
        var alive: [Int: Int64] = [:]
        var numbers: [Int: Int64] = [:]
        var isDown = false
        /// One in so many answers is lost, after the server did what it was asked.
        var loses = 0
        var random = SeededRandom(seed: 1)
        var takes = 0
    }

    let state: Mutex<State>

    init(seed: UInt64 = 1, loses: Int = 0) {
        var state = State()
        state.random = SeededRandom(seed: seed)
        state.loses = loses
        self.state = Mutex(state)
    }

    var now: WallTime { WallTime(milliseconds: self.state.withLock { $0.now }) }

    func pass(_ milliseconds: Int64) { self.state.withLock { $0.now += milliseconds } }

    func setDown(_ isDown: Bool) { self.state.withLock { $0.isDown = isDown } }

    func slotsHeld() -> Int64 {
        self.state.withLock { state in state.slots.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
    }

    func reserved() -> Int64 {
        self.state.withLock { state in state.budgets.values.reduce(0) { $0 + $1.held.values.reduce(0, +) } }
    }

    func spent() -> Int64 { self.state.withLock { state in state.budgets.values.reduce(0) { $0 + $1.spent } } }
}

extension FakeServer.State {
    mutating func answer<Value>(_ value: Value) throws(SharedCounterError) -> Value {
        guard self.loses > 0, Int.random(in: 0..<self.loses, using: &self.random) == 0 else { return value }
        throw .unavailable
    }

    func lives(_ replica: Int, _ me: Int) -> Bool { replica == me || self.alive[replica, default: 0] > self.now }

    mutating func take(_ demands: [SliceDemand], _ me: Int) -> SliceGrant {
        self.takes += 1
        let second = self.now / 1000
        var amounts: [SliceGrant.Slice] = []
        for (index, demand) in demands.enumerated() {
            var (used, spent, retry) = (Int64(0), Int64(0), Int64(0))
            var held: Int64 = 0
            switch demand.name.resource {
            case .requests, .tokens:
                let rates = self.rates[demand.name, default: [:]].filter { second - $0.key < 61 }
                self.rates[demand.name] = rates
                used = rates.values.reduce(0, +)
                spent = used
                retry = 1000
            case .parallel:
                for (replica, _) in self.slots[demand.name, default: [:]] where !self.lives(replica, me) {
                    self.slots[demand.name]?[replica] = nil
                }
                used = self.slots[demand.name, default: [:]].values.reduce(0, +)
                spent = used
                retry = 0
            case .budget:
                var budget = self.budgets[demand.name] ?? FakeServer.Budget(spent: demand.known)
                budget.held[me] = max(0, budget.held[me, default: 0] - demand.returning)
                budget.held = budget.held.filter { self.lives($0.key, me) && $0.value > 0 }
                self.budgets[demand.name] = budget
                held = budget.held.values.reduce(0, +)
                (used, spent, retry) = (held + budget.spent, budget.spent, 0)
            }
            let left = demand.limit - used
            var amount = min(demand.want, left)
            if demand.name.resource == .budget, spent >= demand.limit { amount = -1 }
            if amount < demand.need {
                guard demand.mayGoAlone, demand.name.resource == .budget, held == 0, left > 0 else {
                    return .refused(index: index, left: max(0, left), retryAfterMilliseconds: retry, used: spent)
                }
                amount = left
            }
            amounts.append(SliceGrant.Slice(amount: amount, left: max(0, left - amount)))
        }
        for (demand, slice) in zip(demands, amounts) {
            switch demand.name.resource {
            case .requests, .tokens: self.rates[demand.name, default: [:]][second, default: 0] += slice.amount
            case .parallel: self.slots[demand.name, default: [:]][me, default: 0] += slice.amount
            case .budget: self.budgets[demand.name]?.held[me, default: 0] += slice.amount
            }
        }
        return .granted(amounts, at: self.now)
    }

    mutating func give(_ returns: [SliceReturn], _ number: Int64, _ me: Int) {
        guard number > self.numbers[me, default: 0] else { return }
        self.numbers[me] = number
        for one in returns {
            switch one.name.resource {
            case .requests, .tokens:
                let bucket = self.rates[one.name]?[one.takenAt / 1000] ?? 0
                if bucket > 0 { self.rates[one.name]?[one.takenAt / 1000] = max(0, bucket - one.unused) }
                if one.spent > 0 { self.rates[one.name, default: [:]][self.now / 1000, default: 0] += one.spent }
            case .parallel:
                let held = self.slots[one.name, default: [:]][me, default: 0] - one.unused
                self.slots[one.name, default: [:]][me] = held > 0 ? held : nil
            case .budget:
                var budget = self.budgets[one.name] ?? FakeServer.Budget(spent: one.known)
                budget.held[me] = max(0, budget.held[me, default: 0] - one.unused)
                budget.spent += one.spent
                self.budgets[one.name] = budget
            }
        }
    }

    mutating func beat(_ holdings: [Holding], _ me: Int) -> ReplicaCount {
        let wasKnown = self.alive[me, default: 0] > self.now
        self.alive[me] = self.now + 10_000
        for holding in holdings {
            if holding.name.resource == .budget {
                var budget = self.budgets[holding.name] ?? FakeServer.Budget(spent: holding.known)
                budget.held[me] = holding.amount
                self.budgets[holding.name] = budget
            } else {
                self.slots[holding.name, default: [:]][me] = holding.amount > 0 ? holding.amount : nil
            }
        }
        let now = self.now
        return ReplicaCount(count: self.alive.values.filter { $0 > now }.count, wasKnown: wasKnown)
    }
}

/// One replica's way to the server.
struct FakeCounters: SharedCounters {
    let server: FakeServer
    let replica: Int

    private func ask<Value: Sendable>(
        _ body: @Sendable (inout FakeServer.State) -> Value
    ) async throws(SharedCounterError) -> Value {
        // The way there and the way back, so that others come between.
        await Task.yield()
        let result = self.server.state.withLock { state -> Result<Value, SharedCounterError> in
            guard !state.isDown else { return .failure(.unavailable) }
            let value = body(&state)
            return Result { () throws(SharedCounterError) in try state.answer(value) }
        }
        await Task.yield()
        return try result.get()
    }

    func take(_ demands: [SliceDemand]) async throws(SharedCounterError) -> SliceGrant {
        let me = self.replica
        return try await self.ask { $0.take(demands, me) }
    }

    func give(_ returns: [SliceReturn], number: Int64) async throws(SharedCounterError) {
        let me = self.replica
        try await self.ask { $0.give(returns, number, me) }
    }

    func heartbeat(_ holdings: [Holding]) async throws(SharedCounterError) -> ReplicaCount {
        let me = self.replica
        return try await self.ask { $0.beat(holdings, me) }
    }

    func leave() async { self.server.state.withLock { $0.alive[self.replica] = nil } }
}

/// Some replicas and what they share.
struct Replicas {
    let server: FakeServer
    let all: [Quotas]
    let changes: Changes

    final class Changes: Sendable {
        let all = Mutex<[SharedQuotaChange]>([])
    }

    /// All of them have said that they live.
    init(
        _ count: Int,
        _ precision: SharedQuotaSettings.Precision,
        fallback: SharedQuotaSettings.Fallback = .failClosed,
        seed: UInt64 = 1,
        loses: Int = 0
    ) async {
        let server = FakeServer(seed: seed, loses: loses)
        let changes = Changes()
        var settings = SharedQuotaSettings()
        settings.precision = precision
        settings.rateFallback = fallback
        settings.budgetFallback = fallback
        self.server = server
        self.changes = changes
        self.all = (0..<count).map { number in
            Quotas(shared: FakeCounters(server: server, replica: number), settings: settings) { change in
                changes.all.withLock { $0.append(change) }
            }
        }
        // Twice: the first has not seen the last.
        for _ in 0..<2 {
            await self.tend()
            server.pass(1000)
        }
    }

    func sets(_ values: LimitValues, _ id: String = "a") -> [LimitSet] {
        self.all.map { $0.set(id, values, at: self.server.now) }
    }

    func tend() async {
        for quotas in self.all { await quotas.tend(at: self.server.now) }
    }

    func admit(
        _ replica: Int,
        _ sets: [LimitSet],
        tokens: Int64 = 1,
        cost: Int64? = 0,
        hasMaxTokens: Bool = true
    ) async -> Verdict {
        let demand = Demand(
            sets,
            tokens: tokens,
            costBound: cost.map { NanoDollars($0) },
            hasMaxTokens: hasMaxTokens,
            now: self.server.now
        )
        let server = self.server
        return await self.all[replica].admit(demand, clock: { server.now })
    }
}

/// A number that many tasks change.
final class Tally: Sendable {
    private let number = Atomic(Int64(0))

    var value: Int64 { self.number.load(ordering: .sequentiallyConsistent) }

    @discardableResult
    func add(_ amount: Int64) -> Int64 { self.number.add(amount, ordering: .sequentiallyConsistent).newValue }

    func raise(to value: Int64) { self.number.max(value, ordering: .sequentiallyConsistent) }
}
