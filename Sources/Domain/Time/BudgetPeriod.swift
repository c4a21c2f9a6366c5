/// How often a budget starts anew: `30s`, `15m`, `12h`, `30d`, `2w`, `1mo`.
///
/// Not a `Duration`, because days, weeks and months follow the calendar: `30d` and `1mo` both start anew on the first
/// of a month, as LiteLLM has it (litellm.md, section 6.4).
package struct BudgetPeriod: Sendable, Hashable {
    package enum Unit: String, Sendable, CaseIterable {
        case seconds = "s"
        case minutes = "m"
        case hours = "h"
        case days = "d"
        case weeks = "w"
        case months = "mo"
    }

    package var amount: Int
    package var unit: Unit

    package init(amount: Int, unit: Unit) {
        self.amount = amount
        self.unit = unit
    }

    /// Reads a spelling; a bare number is seconds.
    ///
    /// Nil when it is none, or not at least one of its unit.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "hourly": self.init(amount: 1, unit: .hours)
        case "daily": self.init(amount: 1, unit: .days)
        case "weekly": self.init(amount: 1, unit: .weeks)
        case "monthly": self.init(amount: 1, unit: .months)
        default:
            let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
            let spelling = String(text.dropFirst(digits.count))
            guard let unit = spelling.isEmpty ? .seconds : Unit(rawValue: spelling.lowercased()) else { return nil }
            guard let amount = Int(String(digits) ?? ""), (1...1_000_000_000).contains(amount) else { return nil }
            self.init(amount: amount, unit: unit)
        }
    }

    /// The window that `time` lies in: aligned to the calendar in UTC, so that it is the same for everybody, survives
    /// restarts, and is no state at all.
    ///
    /// Seconds, minutes and hours are multiples since 1970; `1d` begins at midnight; `7d` and weeks on a Monday; `30d`
    /// and months on the first; other numbers of days are multiples since 1970.
    package func window(at time: WallTime) -> BudgetWindow {
        let today = CivilDate(time)
        switch self.unit {
        case .seconds: return self.multiple(of: 1000, at: time)
        case .minutes: return self.multiple(of: 60_000, at: time)
        case .hours: return self.multiple(of: 3_600_000, at: time)
        case .days where self.amount == 7: return Self.weeks(1, today)
        case .days where self.amount == 30: return Self.months(1, today)
        case .days: return self.multiple(of: 86_400_000, at: time)
        case .weeks: return Self.weeks(Int64(self.amount), today)
        case .months: return Self.months(self.amount, today)
        }
    }

    private func multiple(of unit: Int64, at time: WallTime) -> BudgetWindow {
        let length = unit * Int64(self.amount)
        let start = time.milliseconds - ((time.milliseconds % length) + length) % length
        return BudgetWindow(start: WallTime(milliseconds: start), end: WallTime(milliseconds: start + length))
    }

    private static func weeks(_ amount: Int64, _ today: CivilDate) -> BudgetWindow {
        let monday = today.adding(days: Int64(-today.weekday))
        // Monday, 5 January 1970, is week 0.
        let week = (monday.dayNumber - 4) / 7
        let start = monday.adding(days: -7 * (week % amount))
        return BudgetWindow(start: start.start, end: start.adding(days: 7 * amount).start)
    }

    private static func months(_ amount: Int, _ today: CivilDate) -> BudgetWindow {
        let amount = min(amount, 12_000)
        let index = (today.year * 12 + today.month - 1) % amount
        let start = today.firstOfMonth(adding: -index)
        return BudgetWindow(start: start.start, end: start.firstOfMonth(adding: amount).start)
    }
}

/// A stretch of time in which a budget holds.
package struct BudgetWindow: Sendable, Hashable {
    package var start: WallTime
    /// The first moment of the next window: `budget_reset_at`.
    package var end: WallTime

    package init(start: WallTime, end: WallTime) {
        self.start = start
        self.end = end
    }
}

extension BudgetPeriod: Codable, CustomStringConvertible {
    package var description: String { "\(self.amount)\(self.unit.rawValue)" }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let period = BudgetPeriod(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no period"))
        }
        self = period
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
