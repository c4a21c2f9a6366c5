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
