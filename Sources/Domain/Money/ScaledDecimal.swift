/// Reads a decimal spelling such as `0.15`, `2.5e-06` or `-100` into a scaled integer, without a `Double` between.
package enum ScaledDecimal {
    /// A spelling's value times ten to the power of the scale asked for.
    package struct Reading: Sendable, Equatable {
        package var value: Int64
        /// False when digits beyond the scale were rounded away (half to even).
        package var isExact: Bool
    }

    /// A longer spelling is refused, so that the work is bounded for text that comes from outside.
    private static let longestSpelling = 400

    /// The value of `text` times `10^scale`, or nil when it is not a decimal number or does not fit 64 bits.
    ///
    /// Understood: an optional sign, digits with at most one point, an optional exponent. No spaces, no underscores.
    package static func read(_ text: some StringProtocol, scale: Int) -> Reading? {
        guard text.utf8.count <= self.longestSpelling, let parts = Parts(text) else { return nil }
        let firstDigit = parts.digits.firstIndex { $0 != 0 } ?? parts.digits.endIndex
        let digits = parts.digits[firstDigit...]
        guard !digits.isEmpty else { return Reading(value: 0, isExact: true) }
        let kept = parts.pointPosition - firstDigit + scale
        guard kept <= 19 else { return nil }
        guard kept >= 0 else { return Reading(value: 0, isExact: false) }
        guard var magnitude = self.integer(of: digits.prefix(kept), places: kept) else { return nil }
        let rest = digits.dropFirst(kept)
        if self.roundsUp(rest, odd: magnitude % 2 == 1) { magnitude += 1 }
        guard let value = Int64(exactly: parts.isNegative ? -Int128(magnitude) : Int128(magnitude)) else { return nil }
        return Reading(value: value, isExact: rest.allSatisfy { $0 == 0 })
    }

    /// Writes `value / 10^scale` with no exponent and no trailing zeros.
    package static func text(_ value: Int64, scale: Int) -> String {
        var digits = String(value.magnitude)
        if digits.utf8.count <= scale {
            digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
        }
        let whole = digits.dropLast(scale)
        var fraction = digits.suffix(scale)
        while fraction.last == "0" { fraction.removeLast() }
        let sign = value < 0 ? "-" : ""
        return fraction.isEmpty ? sign + whole : "\(sign)\(whole).\(fraction)"
    }

    /// The integer of `digits` followed by zeros up to `places` digits.
    ///
    /// At most 19 places, which always fit a `UInt64`.
    private static func integer(of digits: ArraySlice<UInt8>, places: Int) -> UInt64? {
        var result: UInt64 = 0
        for offset in 0..<places {
            let digit = offset < digits.count ? digits[digits.startIndex + offset] : 0
            let (product, tooLarge) = result.multipliedReportingOverflow(by: 10)
            guard !tooLarge else { return nil }
            result = product + UInt64(digit)
        }
        return result
    }

    private static func roundsUp(_ rest: ArraySlice<UInt8>, odd: Bool) -> Bool {
        guard let first = rest.first, first >= 5 else { return false }
        return first > 5 || odd || rest.dropFirst().contains { $0 != 0 }
    }
}

/// The pieces of a spelling: its digits, and how many of them stand before the point once the exponent is applied.
private struct Parts {
    var isNegative = false
    var digits: [UInt8] = []
    var pointPosition = 0

    init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            self.isNegative = sign == UInt8(ascii: "-")
            bytes.removeFirst()
        }
        var exponent = 0
        if let mark = bytes.firstIndex(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
            guard let value = Self.exponent(bytes[(mark + 1)...]) else { return nil }
            exponent = value
            bytes = bytes[..<mark]
        }
        var pointSeen = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                self.digits.append(byte - UInt8(ascii: "0"))
                if !pointSeen { self.pointPosition += 1 }
            case UInt8(ascii: ".") where !pointSeen:
                pointSeen = true
            default:
                return nil
            }
        }
        guard !self.digits.isEmpty else { return nil }
        self.pointPosition += exponent
    }

    /// An exponent, held within bounds in which adding it cannot overflow; outside them the outcome is the same.
    private static func exponent(_ bytes: ArraySlice<UInt8>) -> Int? {
        let limit = 100_000
        let digits = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
        guard !digits.isEmpty else { return nil }
        var result = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            result = min(limit, result * 10 + Int(digit - UInt8(ascii: "0")))
        }
        return bytes.first == UInt8(ascii: "-") ? -result : result
    }
}
