import Domain

/// Reads how long a provider asks to be left alone.
///
/// Source: RFC 9110, section 10.2.3 "Retry-After" and 5.6.7 "Date/Time Formats"; OpenAI's `retry-after-ms`.
enum RetryAfter {
    /// A wait longer than a day is no advice.
    private static let maximum = 86_400_000

    /// How long to wait, in milliseconds.
    ///
    /// A date is counted from the answer's own `date`, so no clock is needed.
    static func milliseconds(_ headers: any HeaderLookup) -> Int? {
        if let text = headers.value("retry-after-ms"), let value = Double(text) { return self.bounded(value) }
        guard let text = headers.value("retry-after") else { return nil }
        if let seconds = Double(text) { return self.bounded(seconds * 1000) }
        guard let then = self.seconds(ofDate: text), let date = headers.value("date"),
            let now = self.seconds(ofDate: date)
        else { return nil }
        return self.bounded(Double(then - now) * 1000)
    }

    private static func bounded(_ milliseconds: Double) -> Int? {
        guard milliseconds.isFinite, milliseconds >= 0 else { return nil }
        return Int(min(milliseconds, Double(self.maximum)).rounded(.up))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func seconds(ofDate text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, let day = Int(parts[1]), (1...31).contains(day),
            let month = self.months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            (1970...9999).contains(year)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, time.allSatisfy({ (0...60).contains($0) }) else { return nil }
        return self.days(year: year, month: month + 1, day: day) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    /// Days since 1970 in the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
