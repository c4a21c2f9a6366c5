import Domain

/// Two ways to the same sums, and where they part.
struct SumComparison {
    private let kind: SubjectKind
    /// Give `id, model, hour` and the sums.
    private let expected: String
    private let expectedValues: [SQLValue]
    private let actual: String
    private let actualValues: [SQLValue]
    private let table: String

    /// Differences of one comparison; where all is wrong, a few say so.
    private static var most: Int { 20 }

    /// The sums of hours against the records.
    static func hours(_ derivation: SumDerivation) -> SumComparison {
        var stored = Conditions()
        stored.add("kind = ?", derivation.kind.rawValue)
        stored.add("hour >= ?", derivation.floor)
        return SumComparison(
            kind: derivation.kind,
            expected: derivation.statement,
            expectedValues: derivation.values,
            actual: "SELECT id, model, hour, \(SumColumns.list) FROM usage_hourly\(stored.clause)",
            actualValues: stored.values,
            table: "usage_hourly"
        )
    }

    /// The sums over all time against those of the hours.
    static func totals(_ kind: SubjectKind) -> SumComparison {
        SumComparison(
            kind: kind,
            expected: """
                SELECT id, model, CAST(NULL AS BIGINT) AS hour, \(SumColumns.summed())
                FROM usage_hourly WHERE kind = ? GROUP BY id, model
                """,
            expectedValues: [.text(kind.rawValue)],
            actual: """
                SELECT id, model, CAST(NULL AS BIGINT) AS hour, \(SumColumns.list) FROM usage_total WHERE kind = ?
                """,
            actualValues: [.text(kind.rawValue)],
            table: "usage_total"
        )
    }

    func differences(_ session: any SQLSession) throws(StoreError) -> [String] {
        let names = SumColumns.names
        let excess = names.map { "SUM(\($0))" }
        return try session.all(
            """
            WITH actual (id, model, hour, \(SumColumns.list)) AS (\(self.actual)),
                expected (id, model, hour, \(SumColumns.list)) AS (\(self.expected)),
                merged (id, model, hour, \(SumColumns.list)) AS (
                    SELECT * FROM actual UNION ALL
                    SELECT id, model, hour, \(names.map { "-\($0)" }.joined(separator: ", ")) FROM expected
                )
            SELECT id, model, hour, \(excess.map { "CAST(\($0) AS BIGINT)" }.joined(separator: ", ")) FROM merged
            GROUP BY id, model, hour HAVING \(excess.map { "\($0) <> 0" }.joined(separator: " OR "))
            ORDER BY hour, id, model LIMIT ?
            """,
            self.actualValues + self.expectedValues + [SQLValue(Self.most)],
            self.words
        )
    }

    /// Such as `usage_hourly, key 09ab..., model gpt-4o, 2026-11-25 13:00: spend is 5 too high`.
    private func words(_ row: any SQLRow) -> String {
        let parts = SumColumns.names.enumerated().compactMap { index, name -> String? in
            let excess = row.integer(3 + index)
            guard excess != 0 else { return nil }
            return "\(name) is \(excess.magnitude) too \(excess > 0 ? "high" : "low")"
        }
        let subject = self.kind == .global ? "global" : "\(self.kind.rawValue) \(row.text(0))"
        let hour = row.integerIfAny(2).map { ", \(String(WallTime(hour: $0).description.prefix(16)))" } ?? ""
        return "\(self.table), \(subject), model \(row.text(1))\(hour): \(parts.joined(separator: ", "))"
    }
}
