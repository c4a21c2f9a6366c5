import Domain
import WireFormats

/// Makes, changes and deletes shared budgets.
struct BudgetChanges: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(BudgetFields.new, BudgetDraft())
        var budget = Budget(id: draft.budgetID ?? self.desk.makeID())
        budget.allowance = draft.budget.allowance
        let new = budget
        let taken = GatewayError.conflict(
            "Budget with id \(FieldValue.shown(new.id)) already exists",
            param: "budget_id"
        )
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            change.insert(new)
        }
        return Answer.json(BudgetRow.fields(made, at: call.now))
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(BudgetFields.update, BudgetDraft()).budgetID ?? ""
        let budget = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireBudget(id)
            var draft = BudgetDraft(old.record)
            try BudgetFields.update.read(call.body, into: &draft)
            return change.update(old, to: draft.budget)
        }
        return Answer.json(BudgetRow.fields(budget, at: call.now))
    }

    /// Deletes a budget that nothing points to: what pointed to one that is gone would have no limit.
    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(BudgetNames.one, BudgetNames()).id ?? ""
        let budget = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireBudget(id)
            if let user = try await self.desk.user(ofBudget: id) {
                throw GatewayError.conflict("Budget '\(id)' is in use by \(user). Nothing was deleted.", param: "id")
            }
            change.delete(old)
            return old.record
        }
        return Answer.json(BudgetRow.fields(budget, at: call.now))
    }
}

extension Desk {
    /// - Throws: 404 when it is not there.
    func requireBudget(_ id: String) async throws(GatewayError) -> Versioned<Budget> {
        guard let budget = try await self.find(Budget.self, id) else {
            throw .missing("Budget not found. budget_id=\(FieldValue.shown(id))", param: "budget_id")
        }
        return budget
    }
}
