package import Domain

extension SQLStore {
    package func find<Record: StoredRecord>(
        _ type: Record.Type,
        id: String
    ) async throws(StoreError) -> Versioned<Record>? {
        let sql = "SELECT document, version FROM \(RecordTable(Record.kind).name) WHERE id = ?"
        return try await self.database.read { (session: any SQLSession) throws(StoreError) in
            try session.first(sql, [.text(id)], Self.versioned(Record.self))
        }
    }

    package func list<Record: StoredRecord>(
        _ type: Record.Type,
        _ query: RecordQuery
    ) async throws(StoreError) -> Page<Versioned<Record>> {
        let table = RecordTable(Record.kind).name
        let conditions = try query.conditions(self.database.dialect)
        let paging = Paging(page: query.page, size: query.size)
        let order = query.order
        return try await self.database.read { (session: any SQLSession) throws(StoreError) in
            let total = try session.integer("SELECT COUNT(*) FROM \(table)\(conditions.clause)", conditions.values)
            let items = try session.all(
                "SELECT document, version FROM \(table)\(conditions.clause) ORDER BY \(order) LIMIT ? OFFSET ?",
                conditions.values + paging.values,
                Self.versioned(Record.self)
            )
            return Page(items: items, total: Int(total ?? 0))
        }
    }

    /// Reads `document, version`.
    private static func versioned<Record: StoredRecord>(
        _ type: Record.Type
    ) -> (any SQLRow) throws(StoreError) -> Versioned<Record> {
        let reader = DocumentReader()
        return { (row: any SQLRow) throws(StoreError) in
            Versioned(record: try reader.read(Record.self, row, 0), version: row.integer(1))
        }
    }
}

extension RecordQuery {
    fileprivate func conditions(_ dialect: SQLDialect) throws(StoreError) -> Conditions {
        var conditions = Conditions()
        conditions.add("user_id = ?", self.userID)
        conditions.add("team_id = ?", self.teamID)
        conditions.add("organization_id = ?", self.organizationID)
        conditions.add("alias = ?", self.alias)
        try conditions.add("id", among: self.ids, dialect)
        if let search = self.search, !search.isEmpty {
            conditions.add("search LIKE ? ESCAPE '\\'", "%\(Conditions.escaped(search.lowercased()))%")
        }
        return conditions
    }

    /// Ties are broken by the id, so that no record stands on two pages.
    fileprivate var order: String {
        let direction = self.descending ? "DESC" : "ASC"
        return switch self.sort {
        case .id: "id \(direction)"
        // The databases have opposite defaults.
        case .alias: "alias \(direction) NULLS \(self.descending ? "LAST" : "FIRST"), id \(direction)"
        case .createdAt: "created_at \(direction), id \(direction)"
        case .updatedAt: "updated_at \(direction), id \(direction)"
        }
    }
}
