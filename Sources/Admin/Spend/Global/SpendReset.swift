import Domain
import WireFormats

/// `/global/spend/reset`: the budgets of all keys and teams begin anew; the ledger keeps what was spent.
struct SpendReset: Sendable {
    let desk: Desk

    /// How many records one change holds: a database is not held up by one with a hundred thousand.
    private static let batch = 500

    func reset(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.reset(VirtualKey.self, .key, call, \.allowance) { $0.account.hex }
        try await self.reset(Team.self, .team, call, \.allowance) { $0.id }
        return Answer.json(
            ["message": "Spend for all API Keys and Teams reset successfully", "status": "success"] as JSONValue
        )
    }

    private func reset<Record: Auditable>(
        _ type: Record.Type,
        _ kind: SubjectKind,
        _ call: ManagementCall,
        _ allowance: any WritableKeyPath<Record, Allowance> & Sendable,
        _ account: @Sendable (Record) -> String
    ) async throws(GatewayError) {
        let ids = try await self.desk.all(type).map(\.record.id)
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            var query = RecordQuery()
            query.ids = Array(ids[start..<min(ids.count, start + Self.batch)])
            let wanted = query
            let reset = try await self.desk.change(call) { (change) throws(GatewayError) in
                var records: [Record] = []
                for old in try await self.desk.all(type, wanted) {
                    var record = old.record
                    record[keyPath: allowance].resetAt = call.now
                    records.append(change.update(old, to: record, action: "reset"))
                }
                return records
            }
            for record in reset { await self.desk.state?.resetSpend(kind, account(record)) }
        }
    }
}
