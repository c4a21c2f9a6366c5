/// A point in time by the wall clock.
package struct WallTime: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(seconds: Int64) {
        self.milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue
    }

    package static let distantPast = WallTime(milliseconds: 0)

    /// Whole seconds, rounded down.
    package var seconds: Int64 { (self.milliseconds - (self.milliseconds % 1000 + 1000) % 1000) / 1000 }

    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    package func advanced(bySeconds seconds: Int64) -> WallTime {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, tooLarge) = self.milliseconds.addingReportingOverflow(product)
        return WallTime(milliseconds: overflow || tooLarge ? (seconds < 0 ? .min / 2 : .max / 2) : sum)
    }
}

extension WallTime: Codable {
    package init(from decoder: any Decoder) throws {
        self.milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.milliseconds)
    }
}

extension WallTime: CustomStringConvertible {
    /// ISO 8601 in UTC with milliseconds, as LiteLLM's answers spell it: `2026-11-22T21:42:37.449000Z`.
    package var description: String {
        let day = CivilDate(self)
        let rest = Int(((self.milliseconds % 86_400_000) + 86_400_000) % 86_400_000)
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { CivilDate.padded($0, 2) }
        return "\(day)T\(clock.joined(separator: ":")).\(CivilDate.padded(rest % 1000, 3))000Z"
    }

    /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space and `hh:mm[:ss[.fraction]]`, optionally by `Z` or an
    /// offset `+hh:mm`; without one it is UTC.
    ///
    /// Nil when it is none.
    package init?(iso text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes.count <= 40, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var milliseconds = date.start.milliseconds
        if bytes.count > 10 {
            guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
                let time = Self.timeOfDay(bytes[11...])
            else { return nil }
            milliseconds += time
        }
        self.milliseconds = milliseconds
    }

    /// Milliseconds of `hh:mm[:ss[.fraction]][Z|±hh:mm]`.
    private static func timeOfDay(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var rest = bytes
        guard let hours = self.take(2, &rest), hours < 24, rest.popFirst() == UInt8(ascii: ":"),
            let minutes = self.take(2, &rest), minutes < 60
        else { return nil }
        var result = Int64(hours * 3600 + minutes * 60) * 1000
        if rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            guard let seconds = self.take(2, &rest), seconds < 61 else { return nil }
            result += Int64(seconds) * 1000
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard !digits.isEmpty else { return nil }
                rest = rest.dropFirst(digits.count)
                result += Int64(self.number((digits + [0x30, 0x30]).prefix(3)) ?? 0)
            }
        }
        return self.zone(rest).map { result - $0 }
    }

    private static func zone(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var rest = bytes
        guard let sign = rest.popFirst() else { return 0 }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return rest.isEmpty ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = self.take(2, &rest), hours < 24
        else { return nil }
        if rest.first == UInt8(ascii: ":") { rest.removeFirst() }
        guard let minutes = self.take(2, &rest), minutes < 60, rest.isEmpty else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60) * 1000
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    private static func take(_ count: Int, _ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= count, let number = self.number(bytes.prefix(count)) else { return nil }
        bytes = bytes.dropFirst(count)
        return number
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var result = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            result = result * 10 + Int(digit - 0x30)
        }
        return result
    }
}
