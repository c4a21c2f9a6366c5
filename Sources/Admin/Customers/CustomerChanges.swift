import Domain
import WireFormats

/// Makes, changes and deletes customers.
struct CustomerChanges: Sendable {
    let desk: Desk

    func new(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let draft = try call.read(CustomerFields.new, CustomerDraft())
        let said = draft.customer
        var customer = EndUser(id: draft.id ?? "")
        customer.alias = said.alias
        customer.isBlocked = said.isBlocked
        customer.models = said.models
        customer.allowance = said.allowance
        customer.budgetID = said.budgetID
        let new = customer
        try await self.desk.checkBudget(new.budgetID)
        let taken = GatewayError.invalid(
            "Customer already exists, passed user_id=\(FieldValue.shown(new.id)). Please pass a new user_id.",
            param: "user_id"
        )
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            change.insert(new)
        }
        return Answer.json(try await CustomerReading(desk: self.desk).row(made, call))
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.read(CustomerFields.update, CustomerDraft()).id ?? ""
        let customer = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireCustomer(id)
            var draft = CustomerDraft(old.record)
            try CustomerFields.update.read(call.body, into: &draft)
            if draft.customer.budgetID != old.record.budgetID {
                try await self.desk.checkBudget(draft.customer.budgetID)
            }
            return change.update(old, to: draft.customer)
        }
        return Answer.json(try await CustomerReading(desk: self.desk).row(customer, call))
    }

    private func ids(_ call: ManagementCall) throws(GatewayError) -> [String] {
        let ids = Set(try call.read(CustomerNames.many, CustomerNames()).ids).sorted()
        guard !ids.isEmpty, ids.count <= 500, !ids.contains("") else {
            throw .invalid("Name 1 to 500 customers in 'user_ids'.", param: "user_ids")
        }
        return ids
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = try self.ids(call)
        try await self.desk.change(call) { (change) throws(GatewayError) in
            for id in ids { change.delete(try await self.desk.requireCustomer(id)) }
        }
        return Answer.json(
            [
                "deleted_customers": .integer(ids.count),
                "message": .text("Successfully deleted customers with ids: \(ids)"),
            ] as JSONValue
        )
    }

    /// `isBlocked`: Blocking adds who is not known: requests may name anybody.
    func block(_ call: ManagementCall, _ isBlocked: Bool) async throws(GatewayError) -> Answer {
        let ids = try self.ids(call)
        let action = isBlocked ? "blocked" : "unblocked"
        let customers = try await self.desk.change(call) { (change) throws(GatewayError) in
            var customers: [EndUser] = []
            for id in ids {
                if isBlocked, try await self.desk.find(EndUser.self, id) == nil {
                    var customer = EndUser(id: id)
                    customer.isBlocked = true
                    customers.append(change.insert(customer, action: action))
                    continue
                }
                let old = try await self.desk.requireCustomer(id)
                var customer = old.record
                customer.isBlocked = isBlocked
                customers.append(change.update(old, to: customer, action: action))
            }
            return customers
        }
        let rows = try await CustomerReading(desk: self.desk).rows(customers, call)
        return Answer.json(JSONObject([("\(action)_users", .array(rows))]))
    }
}

extension Desk {
    /// - Throws: 404 in LiteLLM's words.
    func requireCustomer(_ id: String) async throws(GatewayError) -> Versioned<EndUser> {
        guard let customer = try await self.find(EndUser.self, id) else {
            throw .missing("End User Id=\(FieldValue.shown(id)) does not exist in db", param: "user_id")
        }
        return customer
    }
}
