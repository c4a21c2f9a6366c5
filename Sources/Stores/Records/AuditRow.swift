package import Domain

/// An entry of the audit as its table keeps it.
enum AuditRow {
    static let columns = """
        id, occurred_at, actor, actor_key, action, kind, object_id, state_before, state_after, origin
        """

    static let insertion = "INSERT INTO audit (\(AuditRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    static func values(_ entry: AuditEntry) -> [SQLValue] {
        [
            .text(entry.id), .integer(entry.at.milliseconds), .text(entry.actor), SQLValue(entry.actorKey?.hex),
            .text(entry.action), .text(entry.kind.rawValue), .text(entry.object), SQLValue(entry.before),
            SQLValue(entry.after), SQLValue(entry.origin),
        ]
    }

    static func read(_ row: any SQLRow) throws(StoreError) -> AuditEntry {
        guard let kind = RecordKind(rawValue: row.text(5)) else { throw StoreError(.corrupt, "audit.kind") }
        var entry = AuditEntry(
            id: row.text(0),
            at: WallTime(milliseconds: row.integer(1)),
            actor: row.text(2),
            action: row.text(4),
            kind: kind,
            object: row.text(6)
        )
        entry.actorKey = row.textIfAny(3).flatMap { KeyHash(hex: $0) }
        entry.before = row.textIfAny(7)
        entry.after = row.textIfAny(8)
        entry.origin = row.textIfAny(9)
        return entry
    }
}

extension SQLStore {
    /// The newest first.
    package func audit(_ query: AuditQuery) async throws(StoreError) -> Page<AuditEntry> {
        var conditions = Conditions()
        conditions.add("id = ?", query.id)
        conditions.add("actor = ?", query.actor)
        conditions.add("actor_key = ?", query.actorKey?.hex)
        conditions.add("action = ?", query.action)
        conditions.add("kind = ?", query.kind?.rawValue)
        conditions.add("object_id = ?", query.object)
        conditions.add("occurred_at >= ?", query.from?.milliseconds)
        conditions.add("occurred_at < ?", query.to?.milliseconds)
        let paging = Paging(page: query.page, size: query.size)
        return try await self.database.read { [conditions] (session: any SQLSession) throws(StoreError) in
            let total = try session.integer("SELECT COUNT(*) FROM audit\(conditions.clause)", conditions.values)
            let items = try session.all(
                """
                SELECT \(AuditRow.columns) FROM audit\(conditions.clause)
                ORDER BY occurred_at DESC, id DESC LIMIT ? OFFSET ?
                """,
                conditions.values + paging.values,
                AuditRow.read
            )
            return Page(items: items, total: Int(total ?? 0))
        }
    }
}
