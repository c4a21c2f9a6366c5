internal import Domain

extension ConfigurationSummary {
    /// What holds for the gateway as a whole, for end users and for providers.
    func limits() -> [[String]] {
        let general = self.configuration.general
        let library = self.configuration.library
        var rows: [[String]] = []
        if let budget = library.maxBudget { rows.append(["gateway", Self.text(budget, library.budgetDuration)]) }
        let counts = [
            ("requests a minute", general.globalMaxRPM), ("tokens a minute", general.globalMaxTPM),
            ("requests at once", general.globalMaxParallelRequests),
        ]
        for (name, count) in counts { if let count { rows.append(["gateway, \(name)", String(count)]) } }
        if let budget = library.maxEndUserBudget { rows.append(["each end user", Self.text(budget, nil)]) }
        for budget in self.configuration.router.providerBudgets {
            rows.append(["provider \(budget.provider)", Self.text(budget.limit, budget.period)])
        }
        if general.budgetMode == .strict { rows.append(["budgets", "strict"]) }
        if let status = library.budgetExceededStatusCode { rows.append(["status when spent", String(status)]) }
        if !library.costTracking { rows.append(["costs", "NOT TRACKED"]) }
        return rows
    }

    /// `$12.5 each 30d`, or `$12.5` for a budget that never begins anew.
    static func text(_ budget: NanoDollars, _ period: BudgetPeriod?) -> String {
        "$\(budget)" + (period.map { " each \($0.amount)\($0.unit.rawValue)" } ?? "")
    }

    /// Which records of calls are kept.
    func retention() -> String {
        let general = self.configuration.general
        if general.disablesSpendLogs { return "none" }
        let period = general.retentionPeriod.map { "kept for \(SummaryTable.text($0))" }
        let count = general.retentionRecords.map { "the last \($0)" }
        let parts = [period, count].compactMap(\.self)
        return parts.isEmpty ? "kept" : parts.joined(separator: ", ")
    }
}

extension RedisSettings {
    /// Where it is and how it is used, without passwords.
    var summary: String {
        var parts = [self.place]
        parts.append(self.mode.rawValue)
        parts.append("\(self.whenUnavailable.rawValue) after \(self.deadline / .milliseconds(1)) ms")
        if let prefix = self.keyPrefix { parts.append("keys \(prefix)...") }
        return parts.joined(separator: ", ")
    }

    private var place: String {
        func list(_ nodes: [RedisNode]) -> String {
            nodes.map { $0.host.contains(":") ? "[\($0.host)]:\($0.port)" : "\($0.host):\($0.port)" }
                .joined(separator: ", ")
        }
        if let url = self.url { return DatabaseLocation.masked(url.reveal()) }
        if !self.sentinels.isEmpty { return "\(self.sentinelMaster ?? "?") by Sentinels \(list(self.sentinels))" }
        if !self.clusterNodes.isEmpty { return "cluster \(list(self.clusterNodes))" }
        return "\(self.host ?? "localhost"):\(self.port ?? 6379)"
    }
}
