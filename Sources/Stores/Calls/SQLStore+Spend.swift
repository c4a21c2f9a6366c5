package import Domain

extension SQLStore {
    package func spend(
        of kinds: [SubjectKind],
        since start: WallTime,
        byModel: Bool
    ) async throws(StoreError) -> [SubjectSpend] {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            var reading = SpendReading(byModel: byModel)
            let floor = try Mark.ledgerFloor.value(session)
            for kind in Set(kinds) {
                guard start > .distantPast else {
                    try reading.addAll(of: kind, session)
                    continue
                }
                // Where records have been dropped, the whole hour counts: rather too much than too little.
                let hasRecords = start.hour >= floor ?? .min
                let hour = hasRecords ? start.nextHour : start.hour
                try reading.add(kind, sinceHour: hour, session)
                if hasRecords { try reading.add(kind, from: start, to: WallTime(hour: hour), session) }
            }
            return reading.spend
        }
    }
}

/// What subjects have spent, put together from sums of hours and from records.
private struct SpendReading {
    private struct Key: Hashable {
        var kind: SubjectKind
        var id: String
        var model: String?
    }

    let byModel: Bool
    private var amounts: [Key: NanoDollars] = [:]

    init(byModel: Bool) {
        self.byModel = byModel
    }

    var spend: [SubjectSpend] {
        self.amounts.map { SubjectSpend(kind: $0.key.kind, id: $0.key.id, model: $0.key.model, spend: $0.value) }
    }

    mutating func addAll(of kind: SubjectKind, _ session: any SQLSession) throws(StoreError) {
        var conditions = Conditions()
        conditions.add("kind = ?", kind.rawValue)
        try self.add(kind, id: "id", model: "model", spend: "spend", from: "usage_total", conditions, session)
    }

    mutating func add(_ kind: SubjectKind, sinceHour hour: Int64, _ session: any SQLSession) throws(StoreError) {
        var conditions = Conditions()
        conditions.add("kind = ?", kind.rawValue)
        conditions.add("hour >= ?", hour)
        try self.add(kind, id: "id", model: "model", spend: "spend", from: "usage_hourly", conditions, session)
    }

    mutating func add(
        _ kind: SubjectKind,
        from start: WallTime,
        to end: WallTime,
        _ session: any SQLSession
    ) throws(StoreError) {
        guard start < end else { return }
        let source = kind.source
        var conditions = Conditions()
        conditions.add(source.condition)
        conditions.add("calls.finished_at >= ?", start.milliseconds)
        conditions.add("calls.finished_at < ?", end.milliseconds)
        try self.add(
            kind,
            id: source.id,
            model: "COALESCE(calls.model_group, '')",
            spend: SumColumns.ofRecord[0],
            from: source.tables,
            conditions,
            session
        )
    }

    private mutating func add(
        _ kind: SubjectKind,
        id: String,
        model: String,
        spend: String,
        from tables: String,
        _ conditions: Conditions,
        _ session: any SQLSession
    ) throws(StoreError) {
        let keys = self.byModel ? "\(id) AS subject, \(model) AS model_name" : "\(id) AS subject"
        let groups = self.byModel ? "subject, model_name" : "subject"
        let spendColumn = self.byModel ? 2 : 1
        try session.stream(
            """
            SELECT \(keys), \(SumColumns.summed([spend])) FROM \(tables)\(conditions.clause) GROUP BY \(groups)
            """,
            conditions.values
        ) { (row: any SQLRow) throws(StoreError) in
            let key = Key(kind: kind, id: row.text(0), model: self.byModel ? row.text(1) : nil)
            self.amounts[key, default: .zero] =
                self.amounts[key, default: .zero] + NanoDollars(row.integer(spendColumn))
        }
    }
}
