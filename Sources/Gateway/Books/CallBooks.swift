package import Domain
package import Policies

/// What calls are counted against and booked in: the gateway's limits, and its journal.
package final class CallBooks: Sendable {
    package let quotas: Quotas
    /// Nil where records are not kept (`disable_spend_logs`).
    private let journal: (any CallJournal)?
    /// Limits of the gateway as a whole, asked last.
    let globalLimits: [LimitSet]
    /// Limits of all deployments of a provider: `provider_budget_config`.
    let providerLimits: [String: LimitSet]
    /// `budget_mode: strict`.
    let isStrict: Bool
    /// `budget_exceeded_status_code`.
    let budgetStatus: Int

    package init(
        quotas: Quotas,
        journal: (any CallJournal)?,
        globalLimits: [LimitSet],
        providerLimits: [String: LimitSet],
        isStrict: Bool,
        budgetStatus: Int
    ) {
        self.quotas = quotas
        self.journal = journal
        self.globalLimits = globalLimits
        self.providerLimits = providerLimits
        self.isStrict = isStrict
        self.budgetStatus = budgetStatus
    }

    var keepsRecords: Bool { self.journal != nil }

    /// - Throws: `unavailable` while there is no room for records: what cannot be booked is not done.
    func checkWritable(lane: Int) throws(GatewayError) {
        guard let journal, !journal.isWritable(lane: lane) else { return }
        throw GatewayError(
            .unavailable,
            "The gateway has no room left to book calls in, and what it cannot book it does not do. Try again later.",
            code: "ledger_unavailable",
            retryAfterMilliseconds: 5000
        )
    }

    func append(_ record: borrowing CallRecord, lane: Int) {
        guard let journal else { return }
        // A record that finds no room is counted by the journal, and closes the door for further calls.
        _ = journal.append(record, lane: lane)
    }
}
