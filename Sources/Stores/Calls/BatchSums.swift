import Domain

/// What a batch of records adds to the sums: each row of the tables once, in the order of their keys.
///
/// The order lets replicas that add to the same rows wait for each other in one direction.
struct BatchSums {
    struct Key: Hashable, Comparable {
        var kind: SubjectKind
        var id: String
        var model: String
        /// Counted since 1970; 0 where sums are over all time.
        var hour: Int64

        /// By bytes, as the databases compare: Swift takes a letter and its decomposed form for one.
        static func == (a: Key, b: Key) -> Bool {
            a.kind == b.kind && a.hour == b.hour && a.id == b.id && a.model == b.model
                && a.id.utf8.elementsEqual(b.id.utf8) && a.model.utf8.elementsEqual(b.model.utf8)
        }

        static func < (a: Key, b: Key) -> Bool {
            if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
            if !a.id.utf8.elementsEqual(b.id.utf8) { return a.id.utf8.lexicographicallyPrecedes(b.id.utf8) }
            if !a.model.utf8.elementsEqual(b.model.utf8) { return a.model.utf8.lexicographicallyPrecedes(b.model.utf8) }
            return a.hour < b.hour
        }
    }

    private var hourly: [Key: UsageSums] = [:]

    /// The record must be bounded.
    mutating func add(_ record: CallRecord) {
        let hour = record.finishedAt.hour
        let model = record.modelGroup ?? ""
        SubjectKind.forEach(of: record) { kind, id in
            self.hourly[Key(kind: kind, id: id, model: model, hour: hour), default: UsageSums()].add(record)
        }
    }

    func write(_ session: any SQLSession) throws(StoreError) {
        let hourly = self.hourly.sorted { $0.key < $1.key }
        var values: [SQLValue] = []
        values.reserveCapacity(hourly.count * (SumColumns.names.count + 4))
        for (key, sums) in hourly {
            values += [.text(key.kind.rawValue), .text(key.id), .text(key.model), .integer(key.hour)]
            values += SumColumns.values(sums)
        }
        try session.insert(Self.hourlyAddition, values)
        try session.insert(Self.totalAddition, Self.totals(hourly))
    }

    /// Rows that differ only in their hours stand side by side.
    private static func totals(_ hourly: [(key: Key, value: UsageSums)]) -> [SQLValue] {
        var values: [SQLValue] = []
        var index = 0
        while index < hourly.count {
            var key = hourly[index].key
            key.hour = 0
            var sums = UsageSums()
            while index < hourly.count {
                var other = hourly[index].key
                other.hour = 0
                guard other == key else { break }
                sums.add(hourly[index].value)
                index += 1
            }
            values += [.text(key.kind.rawValue), .text(key.id), .text(key.model)]
            values += SumColumns.values(sums)
        }
        return values
    }

    private static let totalKey: [SQLInsert.Column] = [.init("kind", .text), .init("id", .text), .init("model", .text)]
    private static let totalAddition = SumColumns.addition(to: "usage_total", key: Self.totalKey)
    private static let hourlyAddition = SumColumns.addition(
        to: "usage_hourly",
        key: Self.totalKey + [.init("hour", .integer)]
    )
}

extension WallTime {
    static var millisecondsPerHour: Int64 { 3_600_000 }

    /// The hour it lies in, counted since 1970.
    var hour: Int64 {
        let (quotient, remainder) = self.milliseconds.quotientAndRemainder(dividingBy: Self.millisecondsPerHour)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The first hour that does not begin before it.
    var nextHour: Int64 {
        self.milliseconds % Self.millisecondsPerHour == 0 ? self.hour : self.hour + 1
    }

    init(hour: Int64) {
        let (product, overflows) = hour.multipliedReportingOverflow(by: Self.millisecondsPerHour)
        self.init(milliseconds: overflows ? (hour < 0 ? .min : .max) : product)
    }
}
