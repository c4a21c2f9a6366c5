import Domain
import WireFormats

/// Tells about customers.
struct CustomerReading: Sendable {
    let desk: Desk

    func rows(_ customers: [EndUser], _ call: ManagementCall) async throws(GatewayError) -> [JSONValue] {
        let spent = try await self.desk.spent(.endUser, customers, now: call.now)
        let budgets = try await self.desk.find(Budget.self, ids: Array(Set(customers.compactMap(\.budgetID))))
        return customers.map { customer in
            let shared = customer.budgetID.flatMap { budgets[$0] }
            return .object(CustomerRow.write(customer, spent[customer.id] ?? SpentAmounts(), shared, at: call.now))
        }
    }

    func row(_ customer: EndUser, _ call: ManagementCall) async throws(GatewayError) -> JSONValue {
        try await self.rows([customer], call).first ?? .null
    }

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.readQuery(CustomerNames.query, CustomerNames()).id ?? ""
        return Answer.json(try await self.row(try await self.desk.requireCustomer(id).record, call))
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(CustomerFilter.table, CustomerFilter())
        var query = try filter.paging.query(self.desk.settings, usualSize: 100)
        query.alias = filter.alias
        let page: Page<EndUser>
        if filter.isBlocked == nil, filter.budgetID == nil {
            page = try await self.desk.page(EndUser.self, query, isPaged: filter.paging.isSaid)
        } else {
            page = try await self.desk.page(EndUser.self, query, isPaged: filter.paging.isSaid) { customer in
                if let wanted = filter.isBlocked, (customer.isBlocked == true) != wanted { return false }
                if let budget = filter.budgetID, customer.budgetID != budget { return false }
                return true
            }
        }
        return Answer.json(.array(try await self.rows(page.items, call)))
    }
}
