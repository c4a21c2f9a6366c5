import Domain

/// Makes the steps of a change inside its transaction.
struct RecordChange {
    let session: any SQLSession
    private let documents = DocumentEncoder()

    init(session: any SQLSession) {
        self.session = session
    }

    /// - Returns: the step's revision.
    func make(_ step: Mutation.Step) throws(StoreError) -> Int64 {
        switch step {
        case .insert(let record): try self.insert(record)
        case .update(let record, let version): try self.update(record, version)
        case .put(let record): try self.put(record)
        case .delete(let kind, let id, let version): try self.delete(kind, id, version)
        }
    }

    func note(_ entry: AuditEntry) throws(StoreError) {
        try self.session.run(AuditRow.insertion, AuditRow.values(entry))
    }

    private func insert<Record: StoredRecord>(_ record: Record) throws(StoreError) -> Int64 {
        let table = RecordTable(Record.kind)
        let row = try RecordRow(record, self.documents)
        guard try self.session.run(table.insertion, row.values) == 1 else {
            let isID = try self.exists(table, "id = ?", [.text(row.id)])
            throw StoreError(.duplicate, "\(table.name).\(isID ? "id" : "alias")")
        }
        return try self.revise(Record.kind, row.id)
    }

    private func update<Record: StoredRecord>(_ record: Record, _ version: Int64) throws(StoreError) -> Int64 {
        let table = RecordTable(Record.kind)
        let row = try RecordRow(record, self.documents)
        try self.checkAlias(row, table)
        guard try self.session.run(table.update, row.rest + [.text(row.id), .integer(version)]) == 1 else {
            throw StoreError(.conflict, "\(table.name).version")
        }
        return try self.revise(Record.kind, row.id)
    }

    private func put<Record: StoredRecord>(_ record: Record) throws(StoreError) -> Int64 {
        let table = RecordTable(Record.kind)
        let row = try RecordRow(record, self.documents)
        try self.checkAlias(row, table)
        try self.session.run(table.placing, row.values)
        return try self.revise(Record.kind, row.id)
    }

    private func delete(_ kind: RecordKind, _ id: String, _ version: Int64?) throws(StoreError) -> Int64 {
        let table = RecordTable(kind)
        var conditions = Conditions()
        conditions.add("id = ?", id)
        conditions.add("version = ?", version)
        guard try self.session.run("DELETE FROM \(table.name)\(conditions.clause)", conditions.values) == 1 else {
            throw StoreError(.conflict, "\(table.name).\(version == nil ? "id" : "version")")
        }
        return try self.revise(kind, id)
    }

    private func checkAlias(_ row: RecordRow, _ table: RecordTable) throws(StoreError) {
        guard table.kind.hasUniqueAlias, let alias = row.alias else { return }
        guard try self.exists(table, "alias = ? AND id <> ?", [.text(alias), .text(row.id)]) else { return }
        throw StoreError(.duplicate, "\(table.name).alias")
    }

    private func exists(_ table: RecordTable, _ condition: String, _ values: [SQLValue]) throws(StoreError) -> Bool {
        try self.session.integer("SELECT 1 FROM \(table.name) WHERE \(condition)", values) != nil
    }

    private func revise(_ kind: RecordKind, _ id: String) throws(StoreError) -> Int64 {
        let revision = try self.session.integer(
            "INSERT INTO changes (kind, id) VALUES (?, ?) RETURNING revision",
            [.text(kind.rawValue), .text(id)]
        )
        guard let revision else { throw StoreError(.refused, "changes.revision") }
        return revision
    }
}
