import Domain

/// How many records a query finds, without walking through all of them.
///
/// Whole hours are counted by the sums, which are exact; what sticks out on either side, and what lies in hours of which
/// records have been dropped, is counted itself. Where no one sum counts what is asked for, counting ends at ``most``.
struct CallCount {
    let query: CallQuery
    let session: any SQLSession

    /// The greatest total of a query that the sums cannot count.
    static var most: Int64 { 10_000 }

    func total() throws(StoreError) -> Int64 {
        guard let subject = self.query.countedSubject else {
            let conditions = self.query.conditions
            return try self.session.integer(
                "SELECT COUNT(*) FROM (SELECT 1 FROM \(self.query.tables)\(conditions.clause) LIMIT ?) AS found",
                conditions.values + [.integer(Self.most)]
            ) ?? 0
        }
        if subject.kind == .global, self.query.from == nil, self.query.to == nil {
            return try Self.ofAll(self.session)
        }
        return try self.exact(subject)
    }

    /// Of all records that there are.
    static func ofAll(_ session: any SQLSession) throws(StoreError) -> Int64 {
        let booked = try session.integer(
            "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM usage_total WHERE kind = ? AND id = ?",
            [.text(SubjectKind.global.rawValue), .text("")]
        )
        return max((booked ?? 0) - (try Mark.ledgerDropped.value(session) ?? 0), 0)
    }

    private func exact(_ subject: (kind: SubjectKind, id: String)) throws(StoreError) -> Int64 {
        let floor = try Mark.ledgerFloor.value(self.session)
        let from = self.query.from?.milliseconds
        let to = self.query.to?.milliseconds
        if let from, let to, to <= from { return 0 }
        // The whole hours in between: from the first, before the last.
        let first = [floor, self.query.from?.nextHour].compactMap { $0 }.max()
        let last = self.query.to?.hour
        if let first, let last, first >= last { return try self.counted(from, to) }
        var total = try self.summed(subject, first, last)
        if let first { total += try self.counted(from, WallTime(hour: first).milliseconds) }
        if let last { total += try self.counted(WallTime(hour: last).milliseconds, to) }
        return total
    }

    private func summed(
        _ subject: (kind: SubjectKind, id: String),
        _ first: Int64?,
        _ last: Int64?
    ) throws(StoreError) -> Int64 {
        var conditions = Conditions()
        conditions.add("kind = ?", subject.kind.rawValue)
        conditions.add("id = ?", subject.id)
        conditions.add("hour >= ?", first)
        conditions.add("hour < ?", last)
        let table = first == nil && last == nil ? "usage_total" : "usage_hourly"
        return try self.session.integer(
            "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM \(table)\(conditions.clause)",
            conditions.values
        ) ?? 0
    }

    /// `from`: milliseconds since 1970.
    ///
    /// `to`: not included.
    private func counted(_ from: Int64?, _ to: Int64?) throws(StoreError) -> Int64 {
        if let from, let to, to <= from { return 0 }
        var conditions = self.query.subjectConditions
        conditions.add("\(self.query.timeColumn) >= ?", from)
        conditions.add("\(self.query.timeColumn) < ?", to)
        return try self.session.integer(
            "SELECT COUNT(*) FROM \(self.query.tables)\(conditions.clause)",
            conditions.values
        ) ?? 0
    }
}
