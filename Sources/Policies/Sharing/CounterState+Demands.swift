import Domain

extension CounterState {
    /// The counters of `set` whose pools hold too little for the call.
    mutating func lacks(_ demand: borrowing Demand, _ set: LimitSet) -> [Lack] {
        var lacks: [Lack] = []
        let pools = self.shared.first
        func lack(_ resource: CounterName.Resource, _ limit: Int64, _ need: Int64, _ here: Int64) {
            guard limit != LimitSet.none, need > here else { return }
            lacks.append(Lack(set: set, name: Self.name(resource, set.subject), limit: limit, need: need))
        }
        lack(.parallel, set.parallel, 1, pools?.slots.idle ?? 0)
        lack(.requests, set.requests, 1, pools?.requests.available ?? 0)
        lack(.tokens, set.tokens, demand.tokens, pools?.tokens.available ?? 0)
        let bound = max(0, demand.costBound?.value ?? 0)
        for place in self.accounts.indices where set.budget(place) != LimitSet.none {
            self.accounts[place].roll(to: demand.now.milliseconds)
            let account = self.accounts[place]
            let (idle, alone, untold) = self.withPools { pools in
                pools.budget(place, account.epoch) { ($0.idle, $0.alone, $0.untold) }
            }
            guard bound > idle, alone == 0 || !demand.mayGoAlone else { continue }
            var lack = Lack(
                set: set,
                name: Self.name(account, set.subject),
                limit: set.budget(place),
                need: bound,
                mayGoAlone: demand.mayGoAlone
            )
            (lack.place, lack.epoch) = (place, account.epoch)
            lack.known = max(0, account.spent - untold)
            lack.expiresAt = Self.expiry(account)
            lacks.append(lack)
        }
        return lacks
    }

    static func name(_ resource: CounterName.Resource, _ subject: QuotaSubject) -> CounterName {
        CounterName(resource, subject.kind, subject.id, model: subject.model)
    }

    static func name(_ account: BudgetAccount, _ subject: QuotaSubject) -> CounterName {
        CounterName(
            .budget,
            subject.kind,
            subject.id,
            model: subject.model,
            windowStart: account.start,
            period: account.period
        )
    }

    static func expiry(_ account: BudgetAccount) -> Int64? { account.endsAt.map { $0.milliseconds / 1000 + 1 } }

    /// The demand that fills the pool of `lack`: what its call and those that wait with it need, and a slice.
    ///
    /// - Parameters:
    ///   - lack: of the call that asks.
    ///   - all: what all who wait need together.
    ///   - cap: the part of the limit that may lie here unused.
    ///   - replicas: how many share the counter.
    ///   - now: by the own clock.
    /// - Returns: the demand, and how much of it is the slice.
    mutating func demand(
        _ lack: Lack,
        all: Int64,
        cap: Int64,
        replicas: Int64,
        at now: Int64
    ) -> (demand: SliceDemand, slice: Int64) {
        var (slice, returning) = (Int64(0), Int64(0))
        var (need, want) = (lack.need, max(all, lack.need))
        self.withPools { pools in
            switch lack.name.resource {
            case .requests: slice = Self.fill(&pools.requests, &need, &want, cap, replicas, now)
            case .tokens: slice = Self.fill(&pools.tokens, &need, &want, cap, replicas, now)
            case .parallel: pools.slots.keep = cap
            case .budget:
                pools.budget(lack.place, lack.epoch) { pool in
                    // Where calls need more than may lie here, nothing that lies here is of use.
                    pool.keep = need > cap ? 0 : cap
                    returning = pool.surrender()
                    want += pool.ask(cap: cap, replicas: replicas, at: now)
                }
            }
        }
        let demand = SliceDemand(
            lack.name,
            limit: lack.limit,
            need: need,
            want: want,
            known: lack.known,
            expiresAt: lack.expiresAt,
            mayGoAlone: lack.mayGoAlone,
            returning: returning
        )
        return (demand, slice)
    }

    /// What is here already need not be asked for.
    private static func fill(
        _ pool: inout RatePool,
        _ need: inout Int64,
        _ want: inout Int64,
        _ cap: Int64,
        _ replicas: Int64,
        _ now: Int64
    ) -> Int64 {
        let slice = pool.ask(cap: cap, replicas: replicas, at: now)
        need = max(0, need - pool.available)
        want = max(need, want - pool.available + slice)
        return slice
    }

    /// Takes in what was granted; nil when nothing was.
    mutating func credit(
        _ lack: Lack,
        _ demand: SliceDemand,
        slice: Int64,
        _ granted: (amount: Int64, left: Int64, at: Int64)?,
        at now: Int64
    ) {
        let own = self.own(lack)
        let second = RatePool.Second(clamping: (granted?.at ?? 0) / 1000)
        self.withPools { pools in
            switch lack.name.resource {
            case .requests, .tokens:
                let path: WritableKeyPath<SharedPools, RatePool> =
                    lack.name.resource == .requests ? \.requests : \.tokens
                pools[keyPath: path].arrived(slice)
                guard let granted else { return }
                pools[keyPath: path].credit(granted.amount, second: second, at: now)
                pools[keyPath: path].left = granted.left
            case .parallel: if let granted { pools.slots.credit(granted.amount, at: now) }
            case .budget:
                // Of a window that is over by now nothing is kept.
                guard let granted, pools.hasBudget(lack.place, lack.epoch) else { return }
                pools.budget(lack.place, lack.epoch) { pool in
                    pool.credit(granted.amount, need: demand.need, at: now)
                    pool.tell(left: granted.left, own: own)
                }
            }
        }
    }

    /// Remembers how little is left.
    mutating func note(_ lack: Lack, left: Int64) {
        let own = self.own(lack)
        self.withPools { pools in
            switch lack.name.resource {
            case .requests: pools.requests.left = left
            case .tokens: pools.tokens.left = left
            case .parallel: break
            case .budget: pools.budget(lack.place, lack.epoch) { $0.tell(left: left, own: own) }
            }
        }
    }

    /// What calls of this replica have spent and hold of a budget.
    private func own(_ lack: Lack) -> Int64 {
        guard lack.name.resource == .budget, lack.place < self.accounts.count else { return 0 }
        return self.accounts[lack.place].spent + self.accounts[lack.place].reserved
    }
}
