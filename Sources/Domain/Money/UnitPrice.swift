/// The price of one unit (a token, a second, an image) in femto-dollars, 1e-15 of a US dollar.
///
/// Price lists go down to about 1e-9 dollars a token with several digits; fifteen places hold them exactly, and the
/// range is still above nine thousand dollars a unit.
package struct UnitPrice: Sendable, Hashable, Comparable {
    package var femtoDollars: Int64

    package static let zero = UnitPrice(femtoDollars: 0)
    private static let scale = 15

    package init(femtoDollars: Int64) {
        self.femtoDollars = femtoDollars
    }

    /// The price spelled in dollars, as in `2.5e-06`; nil when it is no number, too large, or finer than 1e-15.
    package init?(exactly dollars: some StringProtocol) {
        guard let reading = ScaledDecimal.read(dollars, scale: Self.scale), reading.isExact else { return nil }
        self.femtoDollars = reading.value
    }

    /// The price spelled in dollars, rounded half to even at 1e-15; nil when it is no number or too large.
    package init?(rounding dollars: some StringProtocol) {
        guard let reading = ScaledDecimal.read(dollars, scale: Self.scale) else { return nil }
        self.femtoDollars = reading.value
    }

    package static func < (a: Self, b: Self) -> Bool { a.femtoDollars < b.femtoDollars }
}

extension UnitPrice: CustomStringConvertible {
    /// Dollars for one unit, without an exponent: `0.0000025`.
    package var description: String { ScaledDecimal.text(self.femtoDollars, scale: Self.scale) }
}
