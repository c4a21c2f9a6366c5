import Domain

/// A record that has an allowance of its own and may point to a shared budget.
protocol Spender: StoredRecord {
    var allowance: Allowance { get }
    var budgetID: String? { get }
}

extension VirtualKey: Spender {}
extension User: Spender {}
extension Team: Spender {}
extension Organization: Spender {}
extension EndUser: Spender {}
extension Tag: Spender {}

extension Desk {
    /// What records of one kind have spent, each in the window of the budget that holds for it.
    func spent(
        _ kind: SubjectKind,
        _ records: [some Spender],
        now: WallTime
    ) async throws(GatewayError) -> [String: SpentAmounts] {
        let budgets = try await self.find(Budget.self, ids: Array(Set(records.compactMap(\.budgetID))))
        var subjects: [(id: String, allowance: Allowance)] = []
        for record in records {
            var allowance = record.allowance
            if let shared = record.budgetID.flatMap({ budgets[$0]?.allowance }) {
                allowance.budgetPeriod = allowance.budgetPeriod ?? shared.budgetPeriod
            }
            subjects.append((record.id, allowance))
        }
        return try await self.spent(kind, subjects, now: now)
    }

    /// Some record that points to a budget, for people; nil when none does.
    func user(ofBudget id: String) async throws(GatewayError) -> String? {
        if let team = try await self.first(Team.self, budget: id) { return "team '\(team)'" }
        if let organization = try await self.first(Organization.self, budget: id) {
            return "organization '\(organization)'"
        }
        if let user = try await self.first(User.self, budget: id) { return "user '\(user)'" }
        if let tag = try await self.first(Tag.self, budget: id) { return "tag '\(tag)'" }
        if let customer = try await self.first(EndUser.self, budget: id) { return "customer '\(customer)'" }
        return try await self.first(VirtualKey.self, budget: id).map { "key '\($0.prefix(8))...'" }
    }

    /// Page by page, so that many keys are never all in memory.
    private func first<Record: Spender>(_ type: Record.Type, budget id: String) async throws(GatewayError) -> String? {
        var query = RecordQuery()
        query.size = 500
        query.sort = .id
        while true {
            let page = try await self.list(type, query)
            if let found = page.items.first(where: { $0.record.budgetID == id }) { return found.record.id }
            guard page.items.count == query.size else { return nil }
            query.page += 1
        }
    }
}
