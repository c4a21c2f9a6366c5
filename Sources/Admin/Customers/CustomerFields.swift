import Domain
import WireFormats

/// A customer as a request describes them.
struct CustomerDraft: Sendable {
    var customer: EndUser
    var id: String?

    init(_ customer: EndUser = EndUser(id: "")) {
        self.customer = customer
    }
}

/// The fields of requests about customers.
enum CustomerFields {
    static let new = FieldTable<CustomerDraft>(CustomerFields.all)
    static let update = FieldTable<CustomerDraft>(CustomerFields.all)

    private static let all: [Field<CustomerDraft>] =
        [
            Field.name("user_id", \.id, "Who: what requests say as 'user'.").required,
            .text("alias", \.customer.alias, "A name for people."),
            .flag("blocked", \.customer.isBlocked, "Requests for a blocked customer are refused."),
            .texts("models", \.customer.models, "Model groups, patterns, access groups; empty is all."),
            .name(
                "budget_id",
                \.customer.budgetID,
                "A shared budget, which holds where the customer's own fields are silent."
            ),
        ] + AllowanceFields.within(\CustomerDraft.customer.allowance) + CustomerFields.unsupported

    private static let unsupported: [Field<CustomerDraft>] = [
        "allowed_model_region", "default_model", "object_permission", "spend", "tpd_limit", "budget_reset_at",
    ].map { .unsupported($0) }
}

/// The customers a request names.
struct CustomerNames: Sendable {
    var id: String?
    var ids: [String] = []

    static let query = FieldTable<CustomerNames>([Field.text("end_user_id", \.id, "Who.").required])
    static let many = FieldTable<CustomerNames>([Field.texts("user_ids", \.ids, "Who.").required])
}

/// What the list of customers may be asked for.
struct CustomerFilter: Sendable {
    var paging = PageRequest()
    var alias: String?
    var isBlocked: Bool?
    var budgetID: String?

    static let table = FieldTable<CustomerFilter>(
        PageRequest.fields(\CustomerFilter.paging) + [
            .text("alias", \.alias, "Those of this alias."),
            .flag("blocked", \.isBlocked, "Those who are, or are not, blocked."),
            .text("budget_id", \.budgetID, "Those who share this budget."),
        ]
    )
}

/// A customer in LiteLLM's shape.
enum CustomerRow {
    /// `shared`: The budget that the customer points to.
    static func write(_ customer: EndUser, _ spent: SpentAmounts, _ shared: Budget?, at now: WallTime) -> JSONObject {
        var row = self.fields(customer, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        row.append("litellm_budget_table", shared.map { .object(BudgetRow.fields($0, at: now)) } ?? .null)
        for name in ["allowed_model_region", "default_model", "object_permission_id", "object_permission"] {
            row.append(name, .null)
        }
        return row
    }

    static func fields(_ customer: EndUser, at now: WallTime?) -> JSONObject {
        var row = JSONObject([
            ("user_id", .text(customer.id)), ("alias", .optional(customer.alias)),
            ("blocked", .bool(customer.isBlocked == true)), ("models", .texts(customer.models)),
            ("budget_id", .optional(customer.budgetID)),
        ])
        AllowanceRow.write(customer.allowance, at: now, into: &row)
        customer.stamp.write(into: &row)
        return row
    }
}

extension EndUser: Auditable {
    var auditRow: JSONObject { CustomerRow.fields(self, at: nil) }
}
