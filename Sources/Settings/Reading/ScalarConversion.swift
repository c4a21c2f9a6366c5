internal import Domain

/// Turns the text of a scalar into a typed value; nil means that it is not one.
enum ScalarConversion {
    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }

    /// A whole number; `100.0` and `1_000` are ones.
    static func integer(_ text: String) -> Int? {
        let digits = text.contains("_") ? text.filter { $0 != "_" } : text
        guard let reading = ScaledDecimal.read(digits, scale: 0), reading.isExact else { return nil }
        return Int(reading.value)
    }

    static func number(_ text: String) -> Double? {
        guard ScaledDecimal.read(text, scale: 0) != nil, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Seconds as a number, or a number with a unit: `ms`, `s`, `m`, `h`, `d`, `w`.
    ///
    /// Exact to the nanosecond; up to a hundred years.
    static func duration(_ text: String) -> Duration? {
        let (number, unit) = self.numberAndUnit(text)
        let perUnit: [String: Int64] = [
            "": 1_000_000_000, "ms": 1_000_000, "s": 1_000_000_000, "sec": 1_000_000_000, "m": 60_000_000_000,
            "min": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000, "w": 604_800_000_000_000,
        ]
        guard let factor = perUnit[unit], let reading = ScaledDecimal.read(number, scale: 9) else { return nil }
        let (product, overflow) = reading.value.multipliedReportingOverflow(by: factor / 1_000_000)
        guard !overflow else { return self.longDuration(number, factor: factor) }
        let nanoseconds = product / 1000
        return self.bounded(nanoseconds)
    }

    /// A duration too long for the exact arithmetic: whole numbers only.
    private static func longDuration(_ number: Substring, factor: Int64) -> Duration? {
        guard let reading = ScaledDecimal.read(number, scale: 0), reading.isExact else { return nil }
        let (nanoseconds, overflow) = reading.value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : self.bounded(nanoseconds)
    }

    private static func bounded(_ nanoseconds: Int64) -> Duration? {
        let century: Int64 = 3_155_760_000 * 1_000_000_000
        return nanoseconds.magnitude <= century.magnitude ? .nanoseconds(nanoseconds) : nil
    }

    /// Bytes as a number, or with a unit of 1024: `64KB`, `100MB`, `1GB` (`KiB`, `MiB`, `GiB` are the same).
    static func byteCount(_ text: String) -> Int? {
        let (number, unit) = self.numberAndUnit(text)
        let factors = [
            "": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20,
            "g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30,
        ]
        guard let factor = factors[unit], let reading = ScaledDecimal.read(number, scale: 3) else { return nil }
        let (product, overflow) = reading.value.multipliedReportingOverflow(by: Int64(factor))
        guard !overflow, product % 1000 == 0 else { return nil }
        return Int(product / 1000)
    }

    /// `1.5 h` as `1.5` and `h`, the unit in lower case.
    static func numberAndUnit(_ text: String) -> (number: Substring, unit: String) {
        let isNumeric: (Character) -> Bool = { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-" || $0 == "+") }
        var number = text.prefix(while: isNumeric)
        var unit = text[number.endIndex...].drop { $0 == " " }.lowercased()
        // `2.5e-06` has no unit but an exponent.
        if unit.hasPrefix("e"), ScaledDecimal.read(text, scale: 0) != nil {
            number = text[...]
            unit = ""
        }
        return (number, unit)
    }
}
