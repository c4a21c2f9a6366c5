import Domain

/// What somebody has spent: what counts against the budget at this moment, and ever.
struct SpentAmounts: Sendable, Equatable {
    /// In the budget's current window; since the last reset.
    var current = NanoDollars.zero
    var total = NanoDollars.zero
}

extension Desk {
    /// Where the window that counts begins: the budget period's, or the last reset if that was later.
    static func windowStart(_ allowance: Allowance, _ now: WallTime) -> WallTime {
        let period = allowance.budgetPeriod?.window(at: now).start ?? .distantPast
        return max(period, allowance.resetAt ?? .distantPast)
    }

    /// What each of some subjects has spent: from memory where the gateway runs, else from the ledger's sums.
    func spent(
        _ kind: SubjectKind,
        _ subjects: [(id: String, allowance: Allowance)],
        now: WallTime
    ) async throws(GatewayError) -> [String: SpentAmounts] {
        var result: [String: SpentAmounts] = [:]
        guard !subjects.isEmpty else { return result }
        var query = UsageQuery(kind, groups: [.subject])
        query.ids = subjects.map(\.id)
        for row in try await self.usage(query) {
            if let subject = row.subject { result[subject, default: SpentAmounts()].total = row.sums.spend }
        }
        var asked: [WallTime: [String]] = [:]
        for (id, allowance) in subjects {
            let start = Self.windowStart(allowance, now)
            if let live = self.state?.liveSpend(kind, id) {
                result[id, default: SpentAmounts()].current = live
            } else if start == .distantPast {
                result[id, default: SpentAmounts()].current = result[id]?.total ?? .zero
            } else if result[id]?.total != nil {
                asked[start, default: []].append(id)
            }
        }
        for (start, ids) in asked {
            for (id, spend) in try await self.spent(kind, ids, since: start) {
                result[id, default: SpentAmounts()].current = spend
            }
        }
        return result
    }

    func spent(_ kind: SubjectKind, _ id: String, _ allowance: Allowance, now: WallTime) async throws(GatewayError)
        -> SpentAmounts
    {
        try await self.spent(kind, [(id, allowance)], now: now)[id] ?? SpentAmounts()
    }

    /// Sums since a moment; exact for moments within an hour too.
    private func spent(
        _ kind: SubjectKind,
        _ ids: [String],
        since start: WallTime
    ) async throws(GatewayError) -> [String: NanoDollars] {
        var result: [String: NanoDollars] = [:]
        if start.milliseconds % 3_600_000 == 0 {
            var query = UsageQuery(kind, groups: [.subject])
            query.ids = ids
            query.from = start
            for row in try await self.usage(query) { result[row.subject ?? ""] = row.sums.spend }
            return result
        }
        let wanted = Set(ids)
        do {
            for row in try await self.store.spend(of: [kind], since: start, byModel: false)
            where wanted.contains(row.id) {
                result[row.id] = (result[row.id] ?? .zero) + row.spend
            }
        } catch {
            throw self.refused(error)
        }
        return result
    }

    func usage(_ query: UsageQuery) async throws(GatewayError) -> [UsageRow] {
        do {
            return try await self.store.usage(query)
        } catch {
            throw self.refused(error)
        }
    }

    func calls(_ query: CallQuery) async throws(GatewayError) -> Page<CallRecord> {
        do {
            return try await self.store.calls(query)
        } catch {
            throw self.refused(error)
        }
    }
}
