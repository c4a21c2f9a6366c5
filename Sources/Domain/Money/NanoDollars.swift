/// An amount of money in billionths of a US dollar: budgets, spend, the price of a call.
///
/// An integer, so that sums are exact and do not depend on their order. The range is about nine billion dollars.
package struct NanoDollars: Sendable, Hashable, Comparable {
    package var value: Int64

    package static let zero = NanoDollars(0)
    private static let scale = 9

    /// - Parameter value: nano-dollars.
    package init(_ value: Int64) {
        self.value = value
    }

    /// The amount spelled in dollars, as in `100.0` or `2.5e-3`; nil when it is no number, too large, or finer than
    /// a nano-dollar.
    package init?(exactly dollars: some StringProtocol) {
        guard let reading = ScaledDecimal.read(dollars, scale: Self.scale), reading.isExact else { return nil }
        self.value = reading.value
    }

    /// The amount spelled in dollars, rounded half to even at a nano-dollar; nil when it is no number or too large.
    package init?(rounding dollars: some StringProtocol) {
        guard let reading = ScaledDecimal.read(dollars, scale: Self.scale) else { return nil }
        self.value = reading.value
    }

    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }

    /// Stops at the largest amount instead of trapping: a sum of prices comes from outside.
    package static func + (a: Self, b: Self) -> Self {
        let (sum, overflow) = a.value.addingReportingOverflow(b.value)
        guard overflow else { return Self(sum) }
        return Self(a.value < 0 ? .min : .max)
    }

    package static func - (a: Self, b: Self) -> Self {
        let (difference, overflow) = a.value.subtractingReportingOverflow(b.value)
        guard overflow else { return Self(difference) }
        return Self(a.value < 0 ? .min : .max)
    }
}

extension NanoDollars: CustomStringConvertible {
    /// Dollars without a sign for the currency: `12.5`.
    package var description: String { ScaledDecimal.text(self.value, scale: Self.scale) }
}

extension NanoDollars: Codable {
    /// An integer of nano-dollars.
    package init(from decoder: any Decoder) throws {
        self.value = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.value)
    }
}
