import Domain

/// What ends a call, for the pools.
extension CounterState {
    mutating func finishShared(_ lease: borrowing Lease, _ refundsRequests: Bool, _ tokenDifference: Int64) {
        if lease.holds.contains(.parallel), self.shared[0].slots.release() { self.shared[0].isDue = true }
        if refundsRequests, lease.holds.contains(.requests) {
            if lease.holds.contains(.sharedRequests) {
                self.shared[0].requests.refund(1, second: lease.requestsSlice)
            } else {
                self.shared[0].requests.owe(-1)
            }
        }
        guard tokenDifference != 0, lease.holds.contains(.tokens) else { return }
        if !lease.holds.contains(.sharedTokens) {
            self.shared[0].tokens.owe(tokenDifference)
        } else if tokenDifference < 0 {
            self.shared[0].tokens.refund(-tokenDifference, second: lease.tokensSlice)
        } else {
            self.shared[0].tokens.use(tokenDifference)
        }
    }

    /// Puts back what was taken a moment ago, for the call's next attempt.
    mutating func undoShared(_ lease: borrowing Lease, _ tokens: Int64) {
        if lease.holds.contains(.parallel), self.shared[0].slots.release() { self.shared[0].isDue = true }
        if lease.holds.contains(.sharedRequests) {
            self.shared[0].requests.credit(1, second: lease.requestsSlice, at: self.usedAt)
        } else if lease.holds.contains(.requests) {
            self.shared[0].requests.owe(-1)
        }
        if lease.holds.contains(.sharedTokens) {
            self.shared[0].tokens.credit(tokens, second: lease.tokensSlice, at: self.usedAt)
        } else if lease.holds.contains(.tokens) {
            self.shared[0].tokens.owe(-tokens)
        }
    }

    /// Money of the account at `place`, of a call that held it or that only spent it.
    mutating func settleShared(_ set: LimitSet, _ place: Int, _ hold: Lease.BudgetHold?, _ cost: Int64) {
        let epoch = self.accounts[place].epoch
        guard self.shared[0].hasBudget(place, epoch) else { return }
        let isDue = self.shared[0].budget(place, epoch) { pool in
            guard let hold, set.budget(place) != LimitSet.none else {
                pool.book(cost)
                return false
            }
            return hold.epoch == epoch && pool.release(hold.amount, cost: cost)
        }
        if isDue { self.shared[0].isDue = true }
    }
}
