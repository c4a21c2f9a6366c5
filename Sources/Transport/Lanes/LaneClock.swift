package import Domain
package import NIOCore

/// The wall clock of a lane, with the `date:` header of the current second ready to copy.
///
/// Lane-confined.
package final class LaneClock {
    private var second = 0
    private var line = ByteBuffer()

    package init() {}

    /// Seconds since 1970.
    package var now: Int { Int(self.time.milliseconds / 1000) }

    package var time: WallTime { SystemClock().now }

    /// `date: Sun, 06 Nov 1994 08:49:37 GMT` with its CR LF (RFC 9110, section 5.6.7).
    package var dateLine: ByteBuffer {
        let now = self.now
        if now != self.second {
            self.second = now
            self.line = ByteBuffer(string: "date: \(HTTPDate.format(now))\r\n")
        }
        return self.line
    }
}

/// Dates as HTTP spells them.
package enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// IMF-fixdate of `seconds` since 1970 (years 1970 to 9999).
    package static func format(_ seconds: Int) -> String {
        let day = seconds / 86_400
        let rest = seconds % 86_400
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let time = "\(self.two(rest / 3600)):\(self.two(rest / 60 % 60)):\(self.two(rest % 60))"
        return "\(self.days[day % 7]), \(self.two(dayOfMonth)) \(self.months[month - 1]) \(year) \(time) GMT"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
