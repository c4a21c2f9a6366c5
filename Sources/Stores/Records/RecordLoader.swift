import Domain

/// Reads records of all kinds into a set.
struct RecordLoader {
    private let session: any SQLSession
    private let reader = DocumentReader()

    init(_ session: any SQLSession) {
        self.session = session
    }

    /// Hands every key on as it is read.
    func loadKeys(_ key: (VirtualKey) -> Void) throws(StoreError) {
        try self.session.stream("SELECT document FROM \(RecordTable(.key).name)", []) {
            (row: any SQLRow) throws(StoreError) in
            key(
                try row.withBytes(0) { (bytes: UnsafeRawBufferPointer) throws(StoreError) in
                    try self.reader.readKey(bytes)
                }
            )
        }
    }

    /// Reads all records of a kind, or those of `ids` that exist.
    ///
    /// - Returns: the ids of those that were read.
    @discardableResult
    func load(
        _ kind: RecordKind,
        among ids: Set<String>? = nil,
        into records: inout RecordSet
    ) throws(StoreError) -> Set<String> {
        switch kind {
        case .key: try self.load(ids, &records.keys)
        case .user: try self.load(ids, &records.users)
        case .team: try self.load(ids, &records.teams)
        case .organization: try self.load(ids, &records.organizations)
        case .endUser: try self.load(ids, &records.endUsers)
        case .budget: try self.load(ids, &records.budgets)
        case .tag: try self.load(ids, &records.tags)
        case .model: try self.load(ids, &records.models)
        }
    }

    private func load<Record: StoredRecord>(
        _ ids: Set<String>?,
        _ records: inout [Record]
    ) throws(StoreError) -> Set<String> {
        var conditions = Conditions()
        try conditions.add("id", among: ids.map { Array($0) }, self.session.dialect)
        let table = RecordTable(Record.kind).name
        let loaded = try self.session.all(
            "SELECT document FROM \(table)\(conditions.clause) ORDER BY id",
            conditions.values
        ) { (row: any SQLRow) throws(StoreError) in
            try self.reader.read(Record.self, row, 0)
        }
        records += loaded
        return Set(loaded.lazy.map(\.id))
    }
}
