import Domain
import WireFormats

/// `/budget/*`.
struct BudgetEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.reading }

    private var changing: [Route] {
        let changes = BudgetChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/budget/new",
                .budgets,
                "Adds a budget that keys, users, teams and others may share; each has it for itself.",
                body: BudgetFields.new.descriptions,
                example: #"{"budget_id":"small","max_budget":10,"budget_duration":"30d"}"#,
                handler: { (call) throws(GatewayError) in try await changes.new(call) }
            ),
            Route(
                .post,
                "/budget/update",
                .budgets,
                "Changes a budget: absent fields stay, null takes away.",
                body: BudgetFields.update.descriptions,
                example: #"{"budget_id":"small","max_budget":20}"#,
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/budget/delete",
                .budgets,
                "Deletes a budget that nothing refers to.",
                body: BudgetNames.one.descriptions,
                example: #"{"id":"small"}"#,
                answer: "The deleted record.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = BudgetReading(desk: self.desk)
        return [
            Route(
                .post,
                "/budget/info",
                .budgets,
                "Tells about budgets.",
                body: BudgetNames.many.descriptions,
                example: #"{"budgets":["small"]}"#,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/budget/list",
                .budgets,
                "Lists budgets: all, unless a page is asked for.",
                query: BudgetFilter.table.descriptions,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
            Route(
                .get,
                "/budget/settings",
                .budgets,
                "Tells a budget's fields, what each means and what it is set to.",
                query: BudgetNames.query.descriptions,
                answer: "By field: field_name, field_type, field_description, field_value.",
                handler: { (call) throws(GatewayError) in try await reading.settings(call) }
            ),
        ]
    }
}
