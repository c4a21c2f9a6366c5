package import Domain

extension SQLStore {
    /// Hours of which records have been dropped keep their sums; sums over all time follow from those of the hours.
    package func rebuildSums() async throws(StoreError) {
        try await self.database.write { (session: any SQLSession) throws(StoreError) in
            try session.take(.sums)
            let floor = try Mark.ledgerFloor.value(session)
            var hours = Conditions()
            hours.add("hour >= ?", floor)
            try session.run("DELETE FROM usage_hourly\(hours.clause)", hours.values)
            for kind in SubjectKind.allCases {
                let derivation = SumDerivation(kind: kind, floor: floor)
                try session.run(
                    "INSERT INTO usage_hourly (kind, id, model, hour, \(SumColumns.list)) SELECT ?, derived.* FROM (\(derivation.statement)) AS derived",
                    [.text(kind.rawValue)] + derivation.values
                )
            }
            try session.run("DELETE FROM usage_total")
            try session.run(
                """
                INSERT INTO usage_total (kind, id, model, \(SumColumns.list))
                SELECT kind, id, model, \(SumColumns.summed()) FROM usage_hourly GROUP BY kind, id, model
                """
            )
        }
    }

    package func verifySums() async throws(StoreError) -> [String] {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            let floor = try Mark.ledgerFloor.value(session)
            var differences: [String] = []
            for kind in SubjectKind.allCases {
                let derivation = SumDerivation(kind: kind, floor: floor)
                differences += try SumComparison.hours(derivation).differences(session)
                differences += try SumComparison.totals(kind).differences(session)
            }
            return differences
        }
    }
}

/// The sums of the hours of one kind of subject as they follow from the records.
struct SumDerivation {
    let kind: SubjectKind
    /// The first hour to look at, counted since 1970.
    let floor: Int64?

    private var conditions: Conditions {
        var conditions = Conditions()
        conditions.add(self.kind.source.condition)
        conditions.add("calls.finished_at >= ?", self.floor.map { WallTime(hour: $0).milliseconds })
        return conditions
    }

    /// Gives id, model and hour, and the sums.
    var statement: String {
        let source = self.kind.source
        return """
            SELECT \(source.id) AS id, COALESCE(calls.model_group, '') AS model,
                \(SumColumns.hourOfRecord) AS hour, \(SumColumns.summed(SumColumns.ofRecord))
            FROM \(source.tables)\(self.conditions.clause) GROUP BY 1, 2, 3
            """
    }

    var values: [SQLValue] { self.conditions.values }
}
