/// A day of the Gregorian calendar, in UTC.
///
/// Source of the conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
package struct CivilDate: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int

    /// Nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        guard day <= Self.length(ofMonth: month, year: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that `time` falls into.
    package init(_ time: WallTime) {
        self.init(dayNumber: Self.floor(time.milliseconds, 86_400_000))
    }

    /// - Parameter dayNumber: days since 1970-01-01.
    package init(dayNumber: Int64) {
        let shifted = dayNumber + 719_468
        let era = Self.floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        self.month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        self.year = Int(yearOfEra + era * 400) + (self.month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    package var dayNumber: Int64 {
        let year = Int64(self.month <= 2 ? self.year - 1 : self.year)
        let era = Self.floor(year, 400)
        let yearOfEra = year - era * 400
        let month = Int64(self.month > 2 ? self.month - 3 : self.month + 9)
        let dayOfYear = (153 * month + 2) / 5 + Int64(self.day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Midnight, when the day begins.
    package var start: WallTime { WallTime(milliseconds: self.dayNumber * 86_400_000) }

    /// Monday is 0.
    package var weekday: Int { Int(((self.dayNumber + 3) % 7 + 7) % 7) }

    package func adding(days: Int64) -> CivilDate { CivilDate(dayNumber: self.dayNumber + days) }

    /// The first of the month that lies `months` after this day's.
    package func firstOfMonth(adding months: Int = 0) -> CivilDate {
        let index = self.year * 12 + self.month - 1 + months
        let first = CivilDate(year: index / 12, month: index % 12 + 1, day: 1)
        return first ?? self
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-22`.
    package var description: String {
        "\(Self.padded(self.year, 4))-\(Self.padded(self.month, 2))-\(Self.padded(self.day, 2))"
    }
}
