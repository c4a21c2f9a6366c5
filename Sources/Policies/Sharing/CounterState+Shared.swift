import Domain

extension CounterState {
    /// Makes the pools where there are none yet, and works on them.
    mutating func withPools<Result>(_ body: (inout SharedPools) -> Result) -> Result {
        if self.shared.isEmpty { self.shared.append(SharedPools()) }
        return body(&self.shared[0])
    }

    /// Takes what a call needs of one set, as `take` does, from the pools or, when nobody can be asked, from own counts.
    mutating func take(_ demand: borrowing Demand, into lease: inout Lease, _ view: SharedView) -> SharedStop? {
        let now = demand.now.milliseconds
        self.usedAt = now
        let set = lease.set
        var stop: SharedStop?
        if set.parallel != LimitSet.none { stop = self.takeSlot(set, &lease, view, now) }
        if stop == nil, set.requests != LimitSet.none { stop = self.takeRequest(set, &lease, view, now) }
        if stop == nil, set.tokens != LimitSet.none { stop = self.takeTokens(set, demand, &lease, view) }
        if stop == nil { stop = self.takeMoney(set, demand, &lease, view) }
        if stop != nil { self.undo(lease, tokens: demand.tokens) }
        return stop
    }

    private mutating func takeSlot(
        _ set: LimitSet,
        _ lease: inout Lease,
        _ view: SharedView,
        _ now: Int64
    ) -> SharedStop? {
        switch view {
        case .there:
            guard Int64(self.gauge.inUse) < set.parallel else { return .refused(self.refuseSlot(set)) }
            guard self.withPools({ $0.slots.take(at: now) }) else { return .lacking }
            // There is room: it was asked just now.
            _ = self.gauge.take(limit: set.parallel)
        case .away(let away):
            if away.rates == .failClosed { return .refused(Self.unavailable(.parallel, set, set.parallel)) }
            guard self.gauge.take(limit: away.part(set.parallel)) else { return .refused(self.refuseSlot(set)) }
            self.withPools { $0.slots.takeUnasked(at: now) }
        }
        lease.holds.insert(.parallel)
        lease.parallelRemaining = UInt32(clamping: set.parallel - Int64(self.gauge.inUse))
        return nil
    }

    private mutating func takeRequest(
        _ set: LimitSet,
        _ lease: inout Lease,
        _ view: SharedView,
        _ now: Int64
    ) -> SharedStop? {
        switch view {
        case .there:
            guard set.requests > 0 else { return .refused(self.refuseRequest(set, at: now)) }
            guard let slice = self.withPools({ $0.requests.take(1) }) else { return .lacking }
            let second = self.requests.count(1, at: now)
            lease.hold(request: second, remaining: self.left(\.requests, set.requests))
            lease.holds.insert(.sharedRequests)
            lease.requestsSlice = slice
        case .away(let away):
            if away.rates == .failClosed { return .refused(Self.unavailable(.requests, set, set.requests)) }
            let limit = away.part(set.requests)
            guard let second = self.requests.take(1, limit: limit, at: now) else {
                return .refused(self.refuseRequest(set, at: now))
            }
            self.withPools { $0.requests.owe(1) }
            lease.hold(request: second, remaining: limit - self.requests.lastUsed)
        }
        return nil
    }

    private mutating func takeTokens(
        _ set: LimitSet,
        _ demand: borrowing Demand,
        _ lease: inout Lease,
        _ view: SharedView
    ) -> SharedStop? {
        let (now, amount) = (demand.now.milliseconds, demand.tokens)
        switch view {
        case .there:
            guard set.tokens > 0, amount <= set.tokens else {
                return .refused(self.refuseTokens(set, amount, at: now))
            }
            guard let slice = self.withPools({ $0.tokens.take(amount) }) else { return .lacking }
            let second = self.tokens.count(amount, at: now)
            lease.hold(tokens: second, remaining: self.left(\.tokens, set.tokens))
            lease.holds.insert(.sharedTokens)
            lease.tokensSlice = slice
        case .away(let away):
            if away.rates == .failClosed { return .refused(Self.unavailable(.tokens, set, set.tokens)) }
            let limit = away.part(set.tokens)
            guard let second = self.tokens.take(amount, limit: limit, at: now) else {
                return .refused(self.refuseTokens(set, amount, at: now))
            }
            self.withPools { $0.tokens.owe(amount) }
            lease.hold(tokens: second, remaining: limit - self.tokens.lastUsed)
        }
        return nil
    }

    private mutating func takeMoney(
        _ set: LimitSet,
        _ demand: borrowing Demand,
        _ lease: inout Lease,
        _ view: SharedView
    ) -> SharedStop? {
        for place in self.accounts.indices {
            let limit = set.budget(place)
            if limit != LimitSet.none, case .away(let away) = view, away.budgets == .failClosed {
                return .refused(Self.unavailable(.budget, set, limit))
            }
            let answer = self.hold(demand, place, limit, view)
            guard let answer else { return .lacking }
            guard case .held(let amount, let epoch) = answer else {
                return .refused(self.refuseMoney(set, place, limit, answer, demand))
            }
            lease.hold(Lease.BudgetHold(account: Int32(place), epoch: epoch, amount: amount))
        }
        return nil
    }

    /// Sets money aside in the account at `place`; nil when the pool has too little.
    private mutating func hold(
        _ demand: borrowing Demand,
        _ place: Int,
        _ limit: Int64,
        _ view: SharedView
    ) -> BudgetAccount.Answer? {
        let (now, bound) = (demand.now.milliseconds, demand.costBound?.value)
        guard limit != LimitSet.none else {
            return self.accounts[place].hold(bound, limit: limit, mayGoAlone: demand.mayGoAlone, at: now)
        }
        switch view {
        case .there:
            var answer = self.accounts[place].hold(bound, limit: limit, mayGoAlone: demand.mayGoAlone, at: now)
            guard case .held(let amount, let epoch) = answer else { return answer }
            let taken = self.withPools { pools in
                pools.budget(place, epoch) { pool -> Int64? in
                    if amount == max(0, bound ?? 0), pool.take(amount, at: now) { return amount }
                    return demand.mayGoAlone ? pool.takeAlone(at: now) : nil
                }
            }
            guard taken != amount else { return answer }
            self.accounts[place].settle(held: amount, epoch: epoch, cost: 0)
            guard let taken else { return nil }
            // Alone, with what the others have left of it.
            answer = self.accounts[place].hold(taken, limit: limit, mayGoAlone: true, at: now)
            return answer
        case .away(let away):
            let limit = self.awayLimit(place, limit, away, now)
            let answer = self.accounts[place].hold(bound, limit: limit, mayGoAlone: demand.mayGoAlone, at: now)
            if case .held(let amount, let epoch) = answer {
                self.withPools { $0.budget(place, epoch) { $0.takeUnasked(amount, at: now) } }
            }
            return answer
        }
    }

    /// Own spend and own part of what was left when the shared counters went away.
    private mutating func awayLimit(_ place: Int, _ limit: Int64, _ away: SharedView.Away, _ now: Int64) -> Int64 {
        guard away.budgets == .local else { return limit }
        self.accounts[place].roll(to: now)
        let account = self.accounts[place]
        let own = account.spent + account.reserved
        return self.withPools { pools in
            pools.budget(place, account.epoch) { pool in
                if let known = pool.awayLimit { return min(limit, known) }
                let (told, left) = pool.told ?? (own + pool.idle, max(0, limit - own))
                pool.awayLimit = told + left / away.replicas
                return min(limit, told + left / away.replicas)
            }
        }
    }

    /// What is left of a budget that replicas share, as far as this one was told; nil when it was not.
    mutating func sharedLeft(_ place: Int) -> Int64? {
        let epoch = self.accounts[place].epoch
        guard let pools = self.shared.first, pools.hasBudget(place, epoch) else { return nil }
        return self.shared[0].budget(place, epoch) { pool in pool.told.map { max(0, $0.left + pool.idle) } }
    }

    private func left(_ pool: KeyPath<SharedPools, RatePool>, _ limit: Int64) -> Int64 {
        guard let pool = self.shared.first?[keyPath: pool] else { return limit }
        return min(limit, (pool.left ?? limit) + pool.available)
    }

    private static func unavailable(_ resource: Refusal.Resource, _ set: LimitSet, _ limit: Int64) -> Refusal {
        var refusal = Refusal(resource, .unavailable, of: set, limit: limit, used: 0, requested: 1)
        refusal.retryAfterMilliseconds = 1000
        return refusal
    }
}
