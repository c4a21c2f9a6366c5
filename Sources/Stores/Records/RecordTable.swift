import Domain

/// The table of one kind of records, and the statements on it.
struct RecordTable {
    let kind: RecordKind

    init(_ kind: RecordKind) {
        self.kind = kind
    }

    var name: String {
        switch self.kind {
        case .key: "keys"
        case .user: "users"
        case .team: "teams"
        case .organization: "organizations"
        case .endUser: "end_users"
        case .budget: "budgets"
        case .tag: "tags"
        case .model: "models"
        }
    }

    /// Takes a `RecordRow`'s values; does nothing when the id or the alias is taken.
    var insertion: String {
        "INSERT INTO \(self.name) (\(RecordRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING"
    }

    /// Takes a `RecordRow`'s values.
    var placing: String {
        """
        INSERT INTO \(self.name) (\(RecordRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
        ON CONFLICT (id) DO UPDATE SET alias = excluded.alias, user_id = excluded.user_id,
            team_id = excluded.team_id, organization_id = excluded.organization_id, search = excluded.search,
            document = excluded.document, version = \(self.name).version + 1,
            created_at = excluded.created_at, updated_at = excluded.updated_at
        """
    }

    /// Takes a `RecordRow`'s values without the id, then id and version.
    var update: String {
        """
        UPDATE \(self.name) SET alias = ?, user_id = ?, team_id = ?, organization_id = ?, search = ?, document = ?,
            version = version + 1, created_at = ?, updated_at = ?
        WHERE id = ? AND version = ?
        """
    }
}

/// A record as its table keeps it.
struct RecordRow {
    static let columns =
        "id, alias, user_id, team_id, organization_id, search, document, version, created_at, updated_at"

    let id: String
    let alias: String?
    /// All but id and version, in the order of the columns.
    let rest: [SQLValue]

    var values: [SQLValue] { [.text(self.id)] + self.rest }

    init(_ record: some StoredRecord, _ documents: DocumentEncoder) throws(StoreError) {
        self.id = record.id
        self.alias = record.alias
        self.rest = [
            SQLValue(record.alias), SQLValue(record.userID), SQLValue(record.teamID), SQLValue(record.organizationID),
            .text(Self.searchText(id: record.id, alias: record.alias)), .text(try documents.encode(record)),
            .integer(record.stamp.createdAt.milliseconds), .integer(record.stamp.updatedAt.milliseconds),
        ]
    }

    /// What a search looks into, in lower case by Unicode's rules: the databases themselves know those of ASCII only.
    private static func searchText(id: String, alias: String?) -> String {
        guard let alias else { return id.lowercased() }
        return "\(id)\n\(alias)".lowercased()
    }
}
