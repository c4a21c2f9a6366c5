import Domain
import WireFormats

/// Tells about shared budgets.
struct BudgetReading: Sendable {
    let desk: Desk

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = try call.read(BudgetNames.many, BudgetNames()).ids
        guard !ids.isEmpty, ids.count <= 500 else {
            throw .invalid("Name 1 to 500 budgets in 'budgets'.", param: "budgets")
        }
        let found = try await self.desk.find(Budget.self, ids: ids)
        return Answer.json(.array(ids.compactMap { found[$0] }.map { .object(BudgetRow.fields($0, at: call.now)) }))
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let paging = try call.readQuery(BudgetFilter.table, BudgetFilter()).paging
        let query = try paging.query(self.desk.settings, usualSize: 100)
        let page = try await self.desk.page(Budget.self, query, isPaged: paging.isSaid)
        return Answer.json(.array(page.items.map { .object(BudgetRow.fields($0, at: call.now)) }))
    }

    func settings(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.readQuery(BudgetNames.query, BudgetNames()).id ?? ""
        let row = BudgetRow.fields(try await self.desk.requireBudget(id).record, at: nil)
        return Answer.json(
            .array(
                BudgetFields.common.map(\.description).map { field in
                    let value = row[field.name] ?? .null
                    return [
                        "field_name": .text(field.name), "field_type": .text(field.type.shortName),
                        "field_description": .text(field.summary), "field_value": value,
                        "stored_in_db": .bool(!value.isNull), "field_default_value": .null,
                    ]
                }
            )
        )
    }
}
