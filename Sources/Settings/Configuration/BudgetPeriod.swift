internal import Domain

/// How often a budget starts anew: `30s`, `15m`, `12h`, `30d`, `2w`, `1mo`.
///
/// Not a `Duration`, because days, weeks and months follow the calendar: `30d` and `1mo` both start anew on the first
/// of a month, as LiteLLM has it.
package struct BudgetPeriod: Sendable, Equatable {
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
            let (number, spelling) = ScalarConversion.numberAndUnit(text)
            guard let unit = spelling.isEmpty ? .seconds : Unit(rawValue: spelling) else { return nil }
            guard let amount = ScalarConversion.integer(String(number)), (1...1_000_000_000).contains(amount) else {
                return nil
            }
            self.init(amount: amount, unit: unit)
        }
    }
}

extension BudgetPeriod: CustomStringConvertible {
    package var description: String { "\(self.amount)\(self.unit.rawValue)" }
}
