import Domain
import WireFormats

/// From when to when, as queries and bodies say it.
struct DateRange: Sendable, Equatable {
    var from: WallTime?
    /// Not included.
    var to: WallTime?

    /// Days, or moments: for questions that single calls answer.
    static func fields<Target: Sendable>(
        _ path: any WritableKeyPath<Target, DateRange> & Sendable,
        start: String = "start_date",
        end: String = "end_date"
    ) -> [Field<Target>] {
        let type = FieldType.either(.date, .time)
        let fields: [Field<DateRange>] = [
            Field(start, type, "From this day or moment, in UTC.") { (range, value) throws(FieldProblem) in
                range.from = value.isNull ? nil : try Self.time(value, type)
            },
            Field(end, type, "To this day, or moment, included, in UTC.") { (range, value) throws(FieldProblem) in
                range.to = value.isNull ? nil : try Self.end(value, type)
            },
        ]
        return fields.map { $0.within(path) }
    }

    /// Days only: sums are kept by the hour, so that those of whole days are exact.
    static func days<Target: Sendable>(
        _ path: any WritableKeyPath<Target, DateRange> & Sendable
    ) -> [Field<Target>] {
        let fields: [Field<DateRange>] = [
            Field("start_date", .date, "From this day, in UTC; usually the last 30 days.") {
                (range, value) throws(FieldProblem) in
                range.from = value.isNull ? nil : try Self.day(value).start
            },
            Field("end_date", .date, "To this day, included.") { (range, value) throws(FieldProblem) in
                range.to = value.isNull ? nil : try Self.day(value).adding(days: 1).start
            },
        ]
        return fields.map { $0.within(path) }
    }

    private static func time(_ value: JSONValue, _ type: FieldType) throws(FieldProblem) -> WallTime {
        let text = try FieldValue.text(value)
        guard let time = WallTime(iso: text) else {
            throw FieldProblem("expected \(type.expectation), got '\(FieldValue.shown(text))'")
        }
        return time
    }

    /// A day ends with its last moment; LiteLLM includes the moment that is named.
    private static func end(_ value: JSONValue, _ type: FieldType) throws(FieldProblem) -> WallTime {
        let time = try self.time(value, type)
        let isDay = value.string?.utf8.count == 10
        return WallTime(milliseconds: time.milliseconds + (isDay ? 86_400_000 : 1))
    }

    private static func day(_ value: JSONValue) throws(FieldProblem) -> CivilDate {
        let text = try FieldValue.text(value)
        guard text.utf8.count == 10, let time = WallTime(iso: text) else {
            throw FieldProblem("expected \(FieldType.date.expectation), got '\(FieldValue.shown(text))'")
        }
        return CivilDate(time)
    }

    /// The range, with the last 30 days where it says nothing.
    ///
    /// - Throws: `badRequest` when it ends before it begins.
    func orLastDays(_ now: WallTime) throws(GatewayError) -> DateRange {
        try self.check()
        var range = self
        range.to = self.to ?? max(CivilDate(now).adding(days: 1).start, self.from?.advanced(bySeconds: 86_400) ?? now)
        range.from = self.from ?? range.to.map { CivilDate($0).adding(days: -30).start }
        return range
    }

    /// - Throws: `badRequest` when it ends before it begins.
    func check() throws(GatewayError) {
        guard let from, let to, from >= to else { return }
        throw .invalid("'end_date': must not be before 'start_date'", param: "end_date")
    }

    var isSaid: Bool { self.from != nil || self.to != nil }
}
