import Domain

extension CounterState {
    /// What is to be told to the shared counters by now.
    ///
    /// - Parameters:
    ///   - subject: whose counters these are.
    ///   - settings: how long what is not used stays.
    ///   - all: whether nothing at all stays, because this process ends.
    ///   - now: by the own clock.
    /// - Returns: the returns; and whether nothing is left that may need telling later.
    mutating func collect(
        _ subject: QuotaSubject,
        _ settings: SharedQuotaSettings,
        all: Bool,
        at now: Int64
    ) -> (returns: [SliceReturn], isQuiet: Bool) {
        guard !self.shared.isEmpty else { return ([], true) }
        var returns: [SliceReturn] = []
        let isStrict = settings.precision == .strict
        let fresh = all ? Int64.max : now - SharedQuotaSettings.graceMilliseconds
        let rateIdle = all ? Int64.max : isStrict ? fresh : now - settings.rateIdleMilliseconds
        let idle = all ? Int64.max : now - settings.budgetIdleMilliseconds
        self.shared[0].isDue = false
        self.shared[0].requests.collect(Self.name(.requests, subject), idle: rateIdle, into: &returns)
        self.shared[0].tokens.collect(Self.name(.tokens, subject), idle: rateIdle, into: &returns)
        self.shared[0].slots.collect(Self.name(.parallel, subject), fresh: fresh, idle: idle, into: &returns)
        var holdsMoney = false
        for place in self.accounts.indices {
            self.accounts[place].roll(to: now)
            let account = self.accounts[place]
            guard self.shared[0].hasBudget(place, account.epoch) else { continue }
            if account.reserved > 0 { holdsMoney = true }
            let one = self.shared[0].budget(place, account.epoch) { pool in
                pool.collect(fresh: fresh, idle: idle) { unused, spent in
                    SliceReturn(
                        Self.name(account, subject),
                        unused: unused,
                        spent: spent,
                        known: max(0, account.spent - spent),
                        expiresAt: Self.expiry(account)
                    )
                }
            }
            if let one { returns.append(one) }
        }
        return (returns, self.gauge.inUse == 0 && !holdsMoney && self.shared[0].isQuiet)
    }

    /// What this replica really holds.
    mutating func holdings(_ subject: QuotaSubject, at now: Int64) -> [Holding] {
        guard !self.shared.isEmpty else { return [] }
        let slots = self.shared[0].slots.state(inUse: Int64(self.gauge.inUse))
        var holdings = [Holding(Self.name(.parallel, subject), amount: slots)]
        for place in self.accounts.indices {
            self.accounts[place].roll(to: now)
            let account = self.accounts[place]
            guard self.shared[0].hasBudget(place, account.epoch) else { continue }
            let (amount, untold) = self.shared[0].budget(place, account.epoch) { pool in
                (pool.state(reserved: account.reserved), pool.untold)
            }
            holdings.append(
                Holding(
                    Self.name(account, subject),
                    amount: amount,
                    known: max(0, account.spent - untold),
                    expiresAt: Self.expiry(account)
                )
            )
        }
        return holdings
    }
}
