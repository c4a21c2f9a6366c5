import Domain

extension CounterState {
    func refuseSlot(_ set: LimitSet) -> Refusal {
        let reason: Refusal.Reason = set.parallel > 0 ? .exhausted : .neverFits
        var refusal = Refusal(
            .parallel,
            reason,
            of: set,
            limit: set.parallel,
            used: Int64(self.gauge.inUse),
            requested: 1
        )
        // Nobody knows when a call ends; a second is what clients of such limits are told elsewhere, too.
        refusal.retryAfterMilliseconds = reason == .exhausted ? 1000 : nil
        return refusal
    }

    mutating func refuseRequest(_ set: LimitSet, at now: Int64) -> Refusal {
        Self.refuse(.requests, set, set.requests, amount: 1, &self.requests, at: now)
    }

    mutating func refuseTokens(_ set: LimitSet, _ amount: Int64, at now: Int64) -> Refusal {
        Self.refuse(.tokens, set, set.tokens, amount: amount, &self.tokens, at: now)
    }

    private static func refuse(
        _ resource: Refusal.Resource,
        _ set: LimitSet,
        _ limit: Int64,
        amount: Int64,
        _ window: inout SlidingWindow,
        at now: Int64
    ) -> Refusal {
        let used = window.used(at: now)
        let wait = window.retryAfter(amount, limit: limit, at: now)
        var refusal = Refusal(
            resource,
            wait == nil ? .neverFits : .exhausted,
            of: set,
            limit: limit,
            used: used,
            requested: amount
        )
        refusal.retryAfterMilliseconds = wait
        if wait != nil { refusal.resetAt = WallTime(milliseconds: now &+ window.reset(at: now)) }
        return refusal
    }

    func refuseMoney(
        _ set: LimitSet,
        _ place: Int,
        _ limit: Int64,
        _ answer: BudgetAccount.Answer,
        _ demand: borrowing Demand
    ) -> Refusal {
        let account = self.accounts[place]
        let reason: Refusal.Reason =
            switch answer {
            case .tooLarge(fitsLater: true): .reserved
            case .tooLarge(fitsLater: false): .tooLarge
            default: limit > 0 ? .exhausted : .neverFits
            }
        var refusal = Refusal(
            .budget,
            reason,
            of: set,
            limit: limit,
            used: account.spent,
            requested: demand.costBound?.value ?? 0
        )
        refusal.reserved = account.reserved
        refusal.remaining = account.left(of: limit)
        refusal.period = account.period
        refusal.resetAt = limit > 0 ? account.endsAt : nil
        if reason == .reserved {
            refusal.retryAfterMilliseconds = 1000
        } else if let end = refusal.resetAt {
            refusal.retryAfterMilliseconds = max(1, end.milliseconds - demand.now.milliseconds)
        }
        return refusal
    }
}
