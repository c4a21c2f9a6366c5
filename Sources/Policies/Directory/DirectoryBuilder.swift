package import Domain

/// Gathers records and makes directories of them, one change after another.
///
/// Not Sendable: it lives with the one task that follows the store.
package struct DirectoryBuilder {
    private var keys: [KeyHash: KeyEntry] = [:]
    private var records = RecordSet()
    private var serial: UInt64 = 0
    private var isLoaded = false
    private let defaults: DirectoryDefaults

    package init(defaults: DirectoryDefaults) {
        self.defaults = defaults
    }

    /// The number of the last change that was taken in.
    package var revision: Int64 { self.records.revision }
    /// The models added at run time.
    package var models: [StoredModel] { self.records.models }

    /// Takes the whole of a store, in place of what was there.
    package mutating func load(_ records: RecordSet, keys: [KeyEntry]) {
        self.records = records
        self.keys = Dictionary(keys.map { ($0.hash, $0) }, uniquingKeysWith: { _, last in last })
        for key in records.keys { self.keys[key.hash] = KeyEntry(key) }
        self.records.keys = []
        self.isLoaded = true
    }

    /// Takes what has changed since.
    package mutating func apply(_ changes: ChangeSet) {
        let changed = changes.changed
        // Before anything is deleted: what a key continues may go in the same change.
        for key in changed.keys {
            let known = self.keys[key.hash] ?? key.replaces.flatMap { self.keys[$0] } ?? self.keys[key.account]
            self.keys[key.hash] = KeyEntry(key, spent: known?.spent)
        }
        for (kind, id) in changes.deleted { self.delete(kind, id) }
        Self.merge(changed.users, into: &self.records.users)
        Self.merge(changed.teams, into: &self.records.teams)
        Self.merge(changed.organizations, into: &self.records.organizations)
        Self.merge(changed.endUsers, into: &self.records.endUsers)
        Self.merge(changed.budgets, into: &self.records.budgets)
        Self.merge(changed.tags, into: &self.records.tags)
        Self.merge(changed.models, into: &self.records.models)
        self.records.revision = changes.revision
    }

    package mutating func build() -> Directory {
        self.serial += 1
        return Directory(
            keys: self.keys,
            self.records,
            serial: self.serial,
            isLoaded: self.isLoaded,
            defaults: self.defaults
        )
    }

    private mutating func delete(_ kind: RecordKind, _ id: String) {
        switch kind {
        case .key: if let hash = KeyHash(hex: id) { self.keys[hash] = nil }
        case .user: self.records.users.removeAll { $0.id == id }
        case .team: self.records.teams.removeAll { $0.id == id }
        case .organization: self.records.organizations.removeAll { $0.id == id }
        case .endUser: self.records.endUsers.removeAll { $0.id == id }
        case .budget: self.records.budgets.removeAll { $0.id == id }
        case .tag: self.records.tags.removeAll { $0.id == id }
        case .model: self.records.models.removeAll { $0.id == id }
        }
    }

    private static func merge<Record: StoredRecord>(_ changed: [Record], into records: inout [Record]) {
        guard !changed.isEmpty else { return }
        let byID = Dictionary(changed.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        records.removeAll { byID[$0.id] != nil }
        records += byID.values
    }
}
