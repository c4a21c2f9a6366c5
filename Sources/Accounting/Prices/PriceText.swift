import EmbeddedData

/// The lines of a price table, searched where they lie.
enum PriceText: Sendable {
    /// The program's constant data.
    case bundled
    case lines([UInt8])

    /// Which list the bundled text was made from.
    static var bundledVersion: String {
        let bytes = UnsafeBufferPointer(
            start: martlet_model_prices_version(),
            count: martlet_model_prices_version_length()
        )
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lends the text to `body`.
    private func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        switch self {
        case .bundled:
            body(UnsafeBufferPointer(start: martlet_model_prices(), count: martlet_model_prices_length()).span)
        case .lines(let bytes):
            body(bytes.span)
        }
    }

    /// Calls `body` with the place of every line, without its end.
    func forEachRow(_ body: (Span<UInt8>, Range<Int>) -> Void) {
        self.withBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = Self.endOfLine(bytes, at: start)
                body(bytes, start..<end)
                start = end + 1
            }
        }
    }

    /// The row whose first column is exactly `name`.
    func row(named name: String) -> PriceRow? {
        var name = name
        return name.withUTF8 { wanted in
            self.withBytes { bytes in
                Self.find(wanted.span, in: bytes).flatMap { PriceRow(bytes, $0) }
            }
        }
    }

    /// A binary search by byte offset: half the text is put aside at a time, at the line the middle falls into.
    private static func find(_ wanted: Span<UInt8>, in bytes: Span<UInt8>) -> Range<Int>? {
        var low = 0
        var high = bytes.count
        while low < high {
            var start = low + (high - low) / 2
            while start > low, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
            let end = self.endOfLine(bytes, at: start)
            let order = self.compare(wanted, bytes, start..<end)
            if order == 0 { return start..<end }
            if order < 0 {
                high = start
            } else {
                low = end + 1
            }
        }
        return nil
    }

    /// Less than, equal to or greater than zero, as `wanted` sorts before, with or after the name of `line`.
    private static func compare(_ wanted: Span<UInt8>, _ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
        var index = 0
        while true {
            let position = line.lowerBound + index
            let ends = position >= line.upperBound || bytes[position] == UInt8(ascii: "\t")
            guard index < wanted.count else { return ends ? 0 : -1 }
            guard !ends else { return 1 }
            if wanted[index] != bytes[position] { return Int(wanted[index]) - Int(bytes[position]) }
            index += 1
        }
    }

    private static func endOfLine(_ bytes: Span<UInt8>, at start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }
}
