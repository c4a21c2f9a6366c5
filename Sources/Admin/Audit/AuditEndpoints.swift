import Domain

/// `/audit*`.
struct AuditEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] {
        let reading = AuditReading(desk: self.desk)
        return [
            Route(
                .get,
                "/audit",
                .audit,
                "Lists who changed what, the newest change first.",
                query: AuditFilter.table.descriptions,
                answer: "audit_logs, total, page, page_size, total_pages.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
            Route(
                .get,
                "/audit/{id}",
                .audit,
                "Tells about one change.",
                answer: "id, updated_at, changed_by, action, table_name, object_id, before_value, updated_values.",
                handler: { (call) throws(GatewayError) in try await reading.one(call) }
            ),
        ]
    }
}
