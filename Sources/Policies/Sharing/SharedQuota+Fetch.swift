import Domain
import Synchronization

extension SharedQuota {
    /// Fills the pools that a call found too low, or waits while another call does.
    ///
    /// - Parameters:
    ///   - lacks: at least one.
    ///   - now: by the own clock.
    /// - Returns: never `.lead`.
    func fetch(_ lacks: [Lack], at now: Int64) async -> FetchEnd {
        let key = lacks.map(\.name)
        let leads = self.state.withLock { state in
            guard state.groups[key] == nil else { return false }
            state.groups[key] = Group()
            return true
        }
        if !leads {
            let end = await withCheckedContinuation { (continuation: CheckedContinuation<FetchEnd, Never>) in
                let isAlone = self.state.withLock { state in
                    guard state.groups[key] != nil else {
                        state.groups[key] = Group()
                        return true
                    }
                    state.groups[key]?.waiting.append(Waiter(lacks: lacks, continuation: continuation))
                    return false
                }
                if isAlone { continuation.resume(returning: .lead) }
            }
            guard case .lead = end else { return end }
        }
        return await self.lead(key, lacks, at: now)
    }

    /// Asks for all that wait, tells them, and hands over to the first of those who came meanwhile.
    private func lead(_ key: [CounterName], _ lacks: [Lack], at now: Int64) async -> FetchEnd {
        await self.enter()
        let waiters = self.state.withLock { state -> [Waiter] in
            defer { state.groups[key]?.waiting = [] }
            return state.groups[key]?.waiting ?? []
        }
        let demands = self.demands(lacks, waiters, at: now)
        let answer: Result<SliceGrant, SharedCounterError>
        do throws(SharedCounterError) {
            answer = .success(try await self.counters.take(demands.map(\.demand)))
            self.succeeded()
        } catch {
            answer = .failure(error)
            self.failed(error)
        }
        self.credit(answer, lacks, demands, at: now)
        self.leaveAsking()
        let next = self.state.withLock { state -> Waiter? in
            guard let group = state.groups[key], !group.waiting.isEmpty else {
                state.groups[key] = nil
                return nil
            }
            return state.groups[key]?.waiting.removeFirst()
        }
        for waiter in waiters { waiter.continuation.resume(returning: self.end(answer, waiter.lacks, lacks, at: now)) }
        next?.continuation.resume(returning: .lead)
        return self.end(answer, lacks, lacks, at: now)
    }

    private func demands(_ lacks: [Lack], _ waiters: [Waiter], at now: Int64) -> [(demand: SliceDemand, slice: Int64)] {
        lacks.indices.map { index in
            let lack = lacks[index]
            let all = waiters.reduce(lack.need) { sum, waiter in Self.sum(sum, waiter.lacks[index].need) }
            return lack.set.counters.state.withLock { state in
                state.demand(lack, all: all, cap: self.cap(lack.limit), replicas: self.replicas, at: now)
            }
        }
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        // Far beyond any limit, and far from overflowing again.
        return overflow ? 1 << 60 : min(sum, 1 << 60)
    }

    private func credit(
        _ answer: Result<SliceGrant, SharedCounterError>,
        _ lacks: [Lack],
        _ demands: [(demand: SliceDemand, slice: Int64)],
        at now: Int64
    ) {
        for (index, lack) in lacks.enumerated() {
            var granted: (amount: Int64, left: Int64, at: Int64)?
            if case .success(.granted(let slices, let at)) = answer, index < slices.count {
                granted = (slices[index].amount, slices[index].left, at)
            }
            lack.set.counters.state.withLock { state in
                state.credit(lack, demands[index].demand, slice: demands[index].slice, granted, at: now)
                if case .success(.refused(index, let left, _, _)) = answer { state.note(lack, left: left) }
            }
            lack.set.counters.changed(isDue: false)
        }
    }

    /// What an answer to the leader means for one who waited with it.
    private func end(
        _ answer: Result<SliceGrant, SharedCounterError>,
        _ lacks: [Lack],
        _ leaders: [Lack],
        at now: Int64
    ) -> FetchEnd {
        switch answer {
        case .failure: return .unavailable
        case .success(.granted): return .again
        case .success(.refused(let index, let left, let retry, let used)):
            guard index < lacks.count else { return .again }
            let lack = lacks[index]
            let isSmaller = lack.need < leaders[index].need && lack.need <= left
            let isOther = lack.mayGoAlone && !leaders[index].mayGoAlone
            if isSmaller || isOther { return .again }
            return .refused(lack.refusal(left: left, retry: retry, used: used, at: now))
        }
    }

    // MARK: Stillness

    /// Waits while it is being told what is held.
    private func enter() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let mayGo = self.state.withLock { state in
                state.asking += 1
                guard state.isStill else { return true }
                state.asking -= 1
                state.parked.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    private func leaveAsking() {
        let waiting = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.asking -= 1
            guard state.asking == 0 else { return nil }
            defer { state.whenStill = nil }
            return state.whenStill
        }
        waiting?.resume()
    }

    /// Has nobody ask any more, and waits until those who do have their answers.
    func still() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isStill = self.state.withLock { state in
                state.isStill = true
                if state.asking > 0 { state.whenStill = continuation }
                return state.asking == 0
            }
            if isStill { continuation.resume() }
        }
    }

    func stir() {
        let parked = self.state.withLock { state in
            defer { state.parked = [] }
            state.isStill = false
            // Counted here, so that nobody can find it still before they have gone on.
            state.asking += state.parked.count
            return state.parked
        }
        for continuation in parked { continuation.resume() }
    }
}

extension Lack {
    /// The refusal of a call by what the shared counters said.
    func refusal(left: Int64, retry: Int64, used: Int64, at now: Int64) -> Refusal {
        let resource: Refusal.Resource =
            switch self.name.resource {
            case .requests: .requests
            case .tokens: .tokens
            case .parallel: .parallel
            case .budget: .budget
            }
        guard resource == .budget else {
            var refusal = Refusal(
                resource,
                self.need > self.limit || self.limit <= 0 ? .neverFits : .exhausted,
                of: self.set,
                limit: self.limit,
                used: self.limit - left,
                requested: self.need
            )
            guard refusal.reason == .exhausted else { return refusal }
            refusal.retryAfterMilliseconds = retry > 0 ? retry : 1000
            if resource != .parallel { refusal.resetAt = WallTime(milliseconds: now + max(1, retry)) }
            return refusal
        }
        let reason: Refusal.Reason =
            if used >= self.limit {
                self.limit > 0 ? .exhausted : .neverFits
            } else if left < self.limit - used, self.mayGoAlone || self.need <= self.limit - used {
                .reserved
            } else {
                .tooLarge
            }
        var refusal = Refusal(
            .budget,
            reason,
            of: self.set,
            limit: self.limit,
            used: used,
            requested: self.need
        )
        refusal.reserved = max(0, self.limit - used - left)
        refusal.remaining = left
        refusal.period = self.name.period
        refusal.resetAt = self.limit > 0 ? self.expiresAt.map { WallTime(seconds: $0 - 1) } : nil
        if reason == .reserved {
            refusal.retryAfterMilliseconds = 1000
        } else if let end = refusal.resetAt {
            refusal.retryAfterMilliseconds = max(1, end.milliseconds - now)
        }
        return refusal
    }
}
