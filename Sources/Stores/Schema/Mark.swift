import Domain

/// Single numbers that the store remembers.
enum Mark: String {
    /// The last revision that is no longer among the changes.
    case changesFloor = "changes_floor"
    /// The hour, counted since 1970, before which records of the ledger may have been dropped.
    case ledgerFloor = "ledger_floor"
    /// How many records of the ledger have been dropped.
    case ledgerDropped = "ledger_dropped"

    func value(_ session: any SQLSession) throws(StoreError) -> Int64? {
        try session.integer("SELECT value FROM marks WHERE name = ?", [.text(self.rawValue)])
    }

    /// Keeps the greater of `value` and what was there.
    func raise(to value: Int64, _ session: any SQLSession) throws(StoreError) {
        try session.run(
            """
            INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET
                value = CASE WHEN marks.value < excluded.value THEN excluded.value ELSE marks.value END
            """,
            [.text(self.rawValue), .integer(value)]
        )
    }

    func add(_ value: Int64, _ session: any SQLSession) throws(StoreError) {
        try session.run(
            """
            INSERT INTO marks (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = marks.value + excluded.value
            """,
            [.text(self.rawValue), .integer(value)]
        )
    }
}
