import Domain
import WireFormats

/// `/customer/*`, and the same as `/end_user/*`.
struct CustomerEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] {
        let routes = self.changing + self.reading
        return routes + routes.map { $0.also(at: $0.key.path.replacing("/customer/", with: "/end_user/")) }
    }

    private var changing: [Route] {
        let changes = CustomerChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/customer/new",
                .customers,
                "Adds a customer: somebody whom requests name as 'user'.",
                body: CustomerFields.new.descriptions,
                example: #"{"user_id":"customer1","max_budget":5,"budget_duration":"30d"}"#,
                handler: { (call) throws(GatewayError) in try await changes.new(call) }
            ),
            Route(
                .post,
                "/customer/update",
                .customers,
                "Changes a customer: absent fields stay, null takes away.",
                body: CustomerFields.update.descriptions,
                example: #"{"user_id":"customer1","max_budget":10}"#,
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/customer/delete",
                .customers,
                "Deletes customers. Spend stays in the ledger.",
                body: CustomerNames.many.descriptions,
                example: #"{"user_ids":["customer1"]}"#,
                answer: "deleted_customers, message.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
            Route(
                .post,
                "/customer/block",
                .customers,
                "Refuses requests for customers from now on; who is not known is added.",
                body: CustomerNames.many.descriptions,
                example: #"{"user_ids":["customer1"]}"#,
                answer: "blocked_users: the records.",
                handler: { (call) throws(GatewayError) in try await changes.block(call, true) }
            ),
            Route(
                .post,
                "/customer/unblock",
                .customers,
                "Takes back blocks.",
                body: CustomerNames.many.descriptions,
                example: #"{"user_ids":["customer1"]}"#,
                answer: "unblocked_users: the records.",
                handler: { (call) throws(GatewayError) in try await changes.block(call, false) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = CustomerReading(desk: self.desk)
        return [
            Route(
                .get,
                "/customer/info",
                .customers,
                "Tells about a customer.",
                query: CustomerNames.query.descriptions,
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/customer/list",
                .customers,
                "Lists customers: all, unless a page is asked for.",
                query: CustomerFilter.table.descriptions,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
        ]
    }
}
