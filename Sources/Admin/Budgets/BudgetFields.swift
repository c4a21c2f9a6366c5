import Domain
import WireFormats

/// A shared budget as a request describes it.
struct BudgetDraft: Sendable {
    var budget: Budget
    var budgetID: String?

    init(_ budget: Budget = Budget(id: "")) {
        self.budget = budget
    }
}

/// The fields of requests about shared budgets.
enum BudgetFields {
    static let new = FieldTable<BudgetDraft>(
        [.name("budget_id", \.budgetID, "The budget's id; a random one if absent.")] + BudgetFields.common
            + BudgetFields.unsupported
    )

    static let update = FieldTable<BudgetDraft>(
        [Field.name("budget_id", \.budgetID, "Which budget.").required] + BudgetFields.common + BudgetFields.unsupported
    )

    static let common: [Field<BudgetDraft>] = AllowanceFields.within(\BudgetDraft.budget.allowance)

    private static let unsupported: [Field<BudgetDraft>] = [
        "tpd_limit", "budget_reset_at", "allowed_models", "temp_budget_increase", "temp_budget_expiry",
    ].map { .unsupported($0) }
}

/// The budgets a request names.
struct BudgetNames: Sendable {
    var id: String?
    var ids: [String] = []

    static let one = FieldTable<BudgetNames>([Field.text("id", \.id, "Which budget.").required])
    static let many = FieldTable<BudgetNames>([Field.texts("budgets", \.ids, "Ids of budgets.").required])
    static let query = FieldTable<BudgetNames>([Field.text("budget_id", \.id, "Which budget.").required])
}

/// What the list of budgets may be asked for.
struct BudgetFilter: Sendable {
    var paging = PageRequest()

    static let table = FieldTable<BudgetFilter>(PageRequest.fields(\BudgetFilter.paging))
}

/// A shared budget in LiteLLM's shape.
enum BudgetRow {
    static func fields(_ budget: Budget, at now: WallTime?) -> JSONObject {
        var row = JSONObject([("budget_id", .text(budget.id))])
        AllowanceRow.write(budget.allowance, at: now, into: &row)
        budget.stamp.write(into: &row)
        return row
    }
}

extension Budget: Auditable {
    var auditRow: JSONObject { BudgetRow.fields(self, at: nil) }
}
