/// Quotes lines of a file next to problems, with values that look like secrets hidden.
struct SourceLines {
    private let text: String
    /// A longer line is cut when quoted.
    private static let longestLine = 200
    private static let secretWords = [
        "key", "secret", "password", "passwd", "token", "dsn", "url", "credential", "authorization", "header",
    ]

    init(_ text: String) {
        self.text = text
    }

    /// The lines with these numbers (from 1), found in one pass.
    func lines(_ wanted: Set<Int>) -> [Int: String] {
        guard let last = wanted.max() else { return [:] }
        var found: [Int: String] = [:]
        var number = 1
        var line: [Unicode.Scalar] = []
        var afterReturn = false
        for scalar in self.text.unicodeScalars {
            let completesBreak = afterReturn && scalar == "\n"
            afterReturn = scalar == "\r"
            if completesBreak { continue }
            guard Self.isBreak(scalar) else {
                if wanted.contains(number), line.count < Self.longestLine { line.append(scalar) }
                continue
            }
            if wanted.contains(number) { found[number] = Self.quoted(line) }
            line.removeAll(keepingCapacity: true)
            number += 1
            if number > last { return found }
        }
        if wanted.contains(number) { found[number] = Self.quoted(line) }
        return found
    }

    /// What libyaml counts as the end of a line.
    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// A tab counts as one column in a position, so it is quoted as one space.
    private static func quoted(_ line: [Unicode.Scalar]) -> String {
        self.hidingSecrets(String(String.UnicodeScalarView(line.map { $0 == "\t" ? " " : $0 })))
    }

    /// Hides everything after `name:` when the name speaks of a secret, unless a variable is referred to.
    static func hidingSecrets(_ line: String) -> String {
        var searchFrom = line.startIndex
        while let colon = line[searchFrom...].firstIndex(of: ":") {
            let after = line.index(after: colon)
            let value = line[after...].drop { $0 == " " || $0 == "\"" || $0 == "'" }
            if self.namesSecret(line[searchFrom..<colon]), !value.isEmpty, !value.hasPrefix("os.environ/") {
                return line[..<value.startIndex] + "***"
            }
            searchFrom = after
        }
        return line
    }

    private static func namesSecret(_ text: Substring) -> Bool {
        let name = text.lowercased()
        return self.secretWords.contains { name.contains($0) } && !name.contains("cost_per_token")
    }
}
