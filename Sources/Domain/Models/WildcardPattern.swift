/// A model name with `*` in it, each standing for any text.
package struct WildcardPattern: Sendable {
    /// What stands between the stars; one more than there are stars.
    private let parts: [[UInt8]]

    package init(_ text: String) {
        self.parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Which pattern comes first when several match: the one with more fixed text.
    package var weight: Int { self.parts.reduce(0) { $0 + $1.count } }

    /// What the stars stand for in `name`, or nil if it does not match.
    ///
    /// Stars take as little as they can, but the last.
    package func captures(of name: String) -> [String]? {
        let bytes = Array(name.utf8)
        guard let first = self.parts.first, let last = self.parts.last, self.parts.count > 1 else { return nil }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first),
            bytes.suffix(last.count).elementsEqual(last)
        else { return nil }
        var captures: [String] = []
        var position = first.count
        let end = bytes.count - last.count
        for part in self.parts.dropFirst().dropLast() {
            guard let found = Self.find(part, in: bytes, from: position, to: end) else { return nil }
            captures.append(String(decoding: bytes[position..<found], as: UTF8.self))
            position = found + part.count
        }
        captures.append(String(decoding: bytes[position..<end], as: UTF8.self))
        return captures
    }

    /// Whether `name` is one that the pattern stands for.
    package func matches(_ name: String) -> Bool { self.captures(of: name) != nil }

    private static func find(_ part: [UInt8], in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        guard end - start >= part.count else { return nil }
        for position in start...(end - part.count) where bytes[position..<position + part.count].elementsEqual(part) {
            return position
        }
        return nil
    }
}
