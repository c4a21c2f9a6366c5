package import Domain

extension SQLStore {
    @discardableResult
    package func apply(_ mutation: Mutation) async throws(StoreError) -> Int64 {
        try await self.database.write { (session: any SQLSession) throws(StoreError) in
            // Readers must not see a revision before a smaller one, and checks below must hold until the commit.
            try session.take(.records)
            let change = RecordChange(session: session)
            var revision: Int64?
            for step in mutation.steps { revision = try change.make(step) }
            for entry in mutation.audit { try change.note(entry) }
            guard let revision else { return try Self.revision(session) }
            try Self.trimChanges(session, at: revision)
            return revision
        }
    }

    package func changes(after revision: Int64) async throws(StoreError) -> ChangeSet {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            let last = try Self.revision(session)
            var changes = ChangeSet(revision: last)
            guard last != revision else { return changes }
            // A revision that was never given out is another database's, or a backup was put back.
            let floor = try Mark.changesFloor.value(session) ?? 0
            guard revision < last, revision >= floor else {
                changes.needsReload = true
                return changes
            }
            var ids: [RecordKind: Set<String>] = [:]
            try session.query("SELECT kind, id FROM changes WHERE revision > ?", [.integer(revision)]) {
                (row: any SQLRow) throws(StoreError) in
                // Kinds that a later version made are not for this one.
                guard let kind = RecordKind(rawValue: row.text(0)) else { return }
                ids[kind, default: []].insert(row.text(1))
            }
            for (kind, ids) in ids {
                let found = try RecordLoader(session).load(kind, among: ids, into: &changes.changed)
                changes.deleted += ids.subtracting(found).sorted().map { (kind, $0) }
            }
            changes.changed.revision = last
            return changes
        }
    }

    package func loadAll(
        _ key: @escaping @Sendable (VirtualKey) -> Void
    ) async throws(StoreError) -> RecordSet {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            var records = RecordSet()
            records.revision = try Self.revision(session)
            let loader = RecordLoader(session)
            try loader.loadKeys(key)
            for kind in RecordKind.allCases where kind != .key { try loader.load(kind, into: &records) }
            return records
        }
    }

    /// The number of the last change; 0 when there was none.
    private static func revision(_ session: any SQLSession) throws(StoreError) -> Int64 {
        try session.integer("SELECT MAX(revision) FROM changes") ?? 0
    }

    /// How many changes are kept: more than a replica misses that was away for a while, few enough to read at once.
    static var keptChanges: Int64 { 10_000 }

    private static func trimChanges(_ session: any SQLSession, at revision: Int64) throws(StoreError) {
        let floor = revision - Self.keptChanges
        // A change of many steps may jump over any one number.
        guard floor > 0, try Mark.changesFloor.value(session) ?? 0 <= floor - 256 else { return }
        try session.run("DELETE FROM changes WHERE revision <= ?", [.integer(floor)])
        try Mark.changesFloor.raise(to: floor, session)
    }
}
