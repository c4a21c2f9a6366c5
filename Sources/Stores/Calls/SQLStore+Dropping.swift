package import Domain

extension SQLStore {
    /// Rows a transaction.
    private static var droppedAtOnce: Int64 { 2000 }

    @discardableResult
    package func dropCalls(before time: WallTime) async throws(StoreError) -> Int {
        guard time > .distantPast else { return 0 }
        // First of all: from here on nobody takes what is dropped for missing.
        try await self.database.write { (session: any SQLSession) throws(StoreError) in
            try Mark.ledgerFloor.raise(to: time.nextHour, session)
        }
        var dropped = 0
        switch self.database.dialect {
        case .sqlite:
            dropped += try await self.dropRows(of: "calls", before: time)
        case .postgres:
            for day in try await self.days(before: time) {
                let isWhole = (day + 1) * LedgerPartitions.millisecondsPerDay <= time.milliseconds
                dropped +=
                    isWhole
                    ? try await self.dropDay(day)
                    : try await self.dropRows(of: LedgerPartitions.table(day), before: time)
            }
        }
        _ = try await self.dropRows(of: "call_tags", before: time)
        return dropped
    }

    /// Goes back through the sums of hours, which are exact, and looks at records of one hour only.
    package func callsLimit(keeping count: Int) async throws(StoreError) -> WallTime? {
        let count = Int64(max(count, 0))
        return try await self.database.read { (session: any SQLSession) throws(StoreError) in
            guard try CallCount.ofAll(session) > count else { return nil }
            guard let (hour, left) = try Self.crowdedHour(keeping: count, session) else { return nil }
            let finished = try session.integer(
                """
                SELECT finished_at FROM calls WHERE finished_at >= ? AND finished_at < ?
                ORDER BY finished_at DESC LIMIT 1 OFFSET ?
                """,
                [
                    .integer(WallTime(hour: hour).milliseconds), .integer(WallTime(hour: hour + 1).milliseconds),
                    .integer(left),
                ]
            )
            return WallTime(milliseconds: finished.map { $0 + 1 } ?? WallTime(hour: hour).milliseconds)
        }
    }

    /// The newest hour that does not fit as a whole, and how many of its records still do.
    private static func crowdedHour(
        keeping count: Int64,
        _ session: any SQLSession
    ) throws(StoreError) -> (hour: Int64, left: Int64)? {
        var found: (hour: Int64, left: Int64)?
        var kept: Int64 = 0
        try session.query(
            """
            SELECT hour, CAST(SUM(calls) AS BIGINT) FROM usage_hourly WHERE kind = ?
            GROUP BY hour ORDER BY hour DESC
            """,
            [.text(SubjectKind.global.rawValue)]
        ) { (row: any SQLRow) throws(StoreError) in
            guard found == nil else { return }
            if kept + row.integer(1) > count { found = (row.integer(0), count - kept) }
            kept += row.integer(1)
        }
        return found
    }

    private func days(before time: WallTime) async throws(StoreError) -> [Int64] {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            try session.all(
                "SELECT day FROM call_partitions WHERE day * ? < ? ORDER BY day",
                [.integer(LedgerPartitions.millisecondsPerDay), .integer(time.milliseconds)]
            ) { $0.integer(0) }
        }
    }

    private func dropDay(_ day: Int64) async throws(StoreError) -> Int {
        let dropped = try await self.database.write { (session: any SQLSession) throws(StoreError) -> Int64 in
            try session.take(.partitions)
            // Another replica may have been faster.
            guard try session.run("DELETE FROM call_partitions WHERE day = ?", [.integer(day)]) == 1 else { return 0 }
            let records = try session.integer("SELECT COUNT(*) FROM \(LedgerPartitions.table(day))") ?? 0
            try session.define("DROP TABLE \(LedgerPartitions.table(day))")
            try Mark.ledgerDropped.add(records, session)
            return records
        }
        self.partitions.forget()
        return Int(dropped)
    }

    /// In many small transactions, so that booking goes on in between.
    private func dropRows(of table: String, before time: WallTime) async throws(StoreError) -> Int {
        let row = self.database.dialect == .sqlite ? "rowid" : "ctid"
        var dropped = 0
        while true {
            let count = try await self.database.write { (session: any SQLSession) throws(StoreError) -> Int in
                let count = try session.run(
                    """
                    DELETE FROM \(table) WHERE \(row) IN (
                        SELECT \(row) FROM \(table) WHERE finished_at < ? ORDER BY finished_at LIMIT ?
                    )
                    """,
                    [.integer(time.milliseconds), .integer(Self.droppedAtOnce)]
                )
                if table != "call_tags" { try Mark.ledgerDropped.add(Int64(count), session) }
                return count
            }
            dropped += count
            guard count == Self.droppedAtOnce else { return dropped }
        }
    }
}
