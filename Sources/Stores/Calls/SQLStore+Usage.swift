package import Domain

extension SQLStore {
    package func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageRow] {
        let conditions = try query.conditions(self.database.dialect)
        let sql = query.statement(conditions)
        let limit = query.limit.map { [SQLValue(max($0, 0))] } ?? []
        let groups = query.groups
        return try await self.database.read { (session: any SQLSession) throws(StoreError) in
            try session.all(sql, conditions.values + limit) { (row: any SQLRow) throws(StoreError) in
                var column = 0
                var day: CivilDate?
                var subject: String?
                var model: String?
                if groups.contains(.day) {
                    day = CivilDate(dayNumber: row.integer(column))
                    column += 1
                }
                if groups.contains(.subject) {
                    subject = row.text(column)
                    column += 1
                }
                if groups.contains(.model) {
                    model = row.text(column)
                    column += 1
                }
                return UsageRow(day: day, subject: subject, model: model, sums: SumColumns.read(row, from: column))
            }
        }
    }
}

extension UsageQuery {
    /// Sums over all time have a table of their own, which is smaller.
    private var isOverAllTime: Bool { self.from == nil && self.to == nil && !self.groups.contains(.day) }

    fileprivate func conditions(_ dialect: SQLDialect) throws(StoreError) -> Conditions {
        var conditions = Conditions()
        conditions.add("kind = ?", self.kind.rawValue)
        if let ids = self.ids, ids.count == 1 {
            conditions.add("id = ?", ids[0])
        } else {
            try conditions.add("id", among: self.ids, dialect)
        }
        try conditions.add("model", among: self.models, dialect)
        conditions.add("hour >= ?", self.from?.hour)
        conditions.add("hour < ?", self.to?.nextHour)
        return conditions
    }

    fileprivate func statement(_ conditions: Conditions) -> String {
        var columns: [String] = []
        if self.groups.contains(.day) { columns.append("hour / 24") }
        if self.groups.contains(.subject) { columns.append("id") }
        if self.groups.contains(.model) { columns.append("model") }
        let sums = SumColumns.names.map { "CAST(COALESCE(SUM(\($0)), 0) AS BIGINT) AS sum_\($0)" }
        let grouping = columns.isEmpty ? "" : " GROUP BY \(columns.joined(separator: ", "))"
        // Days in their order, then by spend; names make the order the same every time.
        var order = columns
        order.insert("sum_spend DESC", at: self.groups.contains(.day) ? 1 : 0)
        return """
            SELECT \((columns + sums).joined(separator: ", "))
            FROM \(self.isOverAllTime ? "usage_total" : "usage_hourly")\(conditions.clause)\(grouping)
            ORDER BY \(order.joined(separator: ", "))\(self.limit == nil ? "" : " LIMIT ?")
            """
    }
}
