import Domain
import WireFormats

/// Tells who changed what.
struct AuditReading: Sendable {
    let desk: Desk

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(AuditFilter.table, AuditFilter())
        let paging = try Paging(filter.page, filter.size, usualSize: 10, self.desk.settings)
        let page = try await self.entries(try filter.query(paging))
        return Answer.json(
            [
                "audit_logs": .array(page.items.map { .object(Self.row($0)) }), "total": .integer(page.total),
                "page": .integer(paging.page), "page_size": .integer(paging.size),
                "total_pages": .integer(paging.pages(page.total)),
            ] as JSONValue
        )
    }

    func one(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = call.parameters["id"] ?? ""
        var query = AuditQuery()
        query.id = id
        query.size = 1
        guard let entry = try await self.entries(query).items.first else {
            throw .missing("Audit log with id \(FieldValue.shown(id)) not found", param: "id")
        }
        return Answer.json(Self.row(entry))
    }

    private func entries(_ query: AuditQuery) async throws(GatewayError) -> Page<AuditEntry> {
        do {
            return try await self.desk.store.audit(query)
        } catch {
            throw self.desk.refused(error)
        }
    }

    private static func row(_ entry: AuditEntry) -> JSONObject {
        JSONObject([
            ("id", .text(entry.id)), ("updated_at", .time(entry.at)), ("changed_by", .text(entry.actor)),
            ("changed_by_api_key", .text(entry.actorKey?.hex ?? "")), ("action", .text(entry.action)),
            ("table_name", .text(AuditTable.name(entry.kind))), ("object_type", .text(entry.kind.rawValue)),
            ("object_id", .text(entry.object)), ("before_value", entry.before.map { .stored($0) } ?? .null),
            ("updated_values", entry.after.map { .stored($0) } ?? .null), ("origin", .optional(entry.origin)),
        ])
    }
}
