import Domain

/// A sum of prices times counts, exact until it is rounded once.
///
/// Unit: 1e-18 dollars, thousandths of a femto-dollar, so that prices a second can be multiplied by milliseconds.
struct ExactAmount {
    private(set) var value: Int128 = 0
    /// Something was counted that has no price.
    private(set) var isUnknown = false

    /// Far above what ``NanoDollars`` hold, and far below where a handful of products could overflow.
    private static let largestProduct: Int128 = 1 << 110
    private static let perNanoDollar: Int128 = 1_000_000_000

    /// Adds `count` units at `rate` (femto-dollars), or notes that the price is not known.
    mutating func add(_ count: Int, _ rate: Int64) {
        guard count > 0 else { return }
        guard rate >= 0 else {
            self.isUnknown = true
            return
        }
        self.value += min(Int128(count) * Int128(rate), Self.largestProduct) * 1000
    }

    /// Adds thousandths of a unit.
    mutating func add(thousandths count: Int, _ rate: Int64) {
        guard count > 0 else { return }
        guard rate >= 0 else {
            self.isUnknown = true
            return
        }
        self.value += min(Int128(count) * Int128(rate), Self.largestProduct)
    }

    /// Half to even; the largest amount where it does not fit.
    var rounded: NanoDollars {
        // Nearly all amounts fit 64 bits even at this scale (nine dollars), and the division is then a tenth as dear.
        if let small = Int64(exactly: self.value) {
            return NanoDollars(Self.divided(small, by: 1_000_000_000))
        }
        let quotient = Self.divided(self.value, by: Self.perNanoDollar)
        return NanoDollars(Int64(clamping: quotient))
    }

    /// Rounded up.
    var ceiling: NanoDollars {
        let (quotient, rest) = self.value.quotientAndRemainder(dividingBy: Self.perNanoDollar)
        return NanoDollars(Int64(clamping: rest > 0 ? quotient + 1 : quotient))
    }

    private static func divided<Integer: FixedWidthInteger & SignedInteger>(
        _ value: Integer,
        by divisor: Integer
    ) -> Integer {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        let half = divisor / 2
        return rest > half || (rest == half && quotient % 2 == 1) ? quotient + 1 : quotient
    }
}
