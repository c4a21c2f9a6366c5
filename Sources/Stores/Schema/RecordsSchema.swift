import Domain

/// Tables for people and keys: one per kind of record, the changes made to them, and who made them.
enum RecordsSchema {
    static func definitions(_ dialect: SQLDialect) -> [String] {
        let text = dialect.definition(of: .text)
        let integer = dialect.definition(of: .integer)
        return RecordKind.allCases.flatMap { self.table($0, text: text, integer: integer) } + [
            """
            CREATE TABLE changes (
                revision \(dialect.ascendingKey),
                kind \(text) NOT NULL,
                id \(text) NOT NULL
            )
            """,
            """
            CREATE TABLE marks (
                name \(text) NOT NULL PRIMARY KEY,
                value \(integer) NOT NULL
            )
            """,
            """
            CREATE TABLE audit (
                id \(text) NOT NULL PRIMARY KEY,
                occurred_at \(integer) NOT NULL,
                actor \(text) NOT NULL,
                actor_key \(text),
                action \(text) NOT NULL,
                kind \(text) NOT NULL,
                object_id \(text) NOT NULL,
                state_before \(text),
                state_after \(text),
                origin \(text)
            )
            """,
            "CREATE INDEX audit_by_time ON audit (occurred_at)",
            "CREATE INDEX audit_by_actor ON audit (actor, occurred_at)",
            "CREATE INDEX audit_by_object ON audit (object_id, occurred_at)",
        ]
    }

    /// No column refers to another table: a key may name a user that its file no longer declares, or a team that is
    /// made later.
    private static func table(_ kind: RecordKind, text: String, integer: String) -> [String] {
        let table = RecordTable(kind).name
        let unique = kind.hasUniqueAlias ? "UNIQUE " : ""
        return [
            """
            CREATE TABLE \(table) (
                id \(text) NOT NULL PRIMARY KEY,
                alias \(text),
                user_id \(text),
                team_id \(text),
                organization_id \(text),
                search \(text) NOT NULL,
                document \(text) NOT NULL,
                version \(integer) NOT NULL,
                created_at \(integer) NOT NULL,
                updated_at \(integer) NOT NULL
            )
            """,
            "CREATE \(unique)INDEX \(table)_by_alias ON \(table) (alias)",
            "CREATE INDEX \(table)_by_user ON \(table) (user_id) WHERE user_id IS NOT NULL",
            "CREATE INDEX \(table)_by_team ON \(table) (team_id) WHERE team_id IS NOT NULL",
            "CREATE INDEX \(table)_by_organization ON \(table) (organization_id) WHERE organization_id IS NOT NULL",
            "CREATE INDEX \(table)_by_creation ON \(table) (created_at, id)",
            "CREATE INDEX \(table)_by_update ON \(table) (updated_at, id)",
        ]
    }
}
