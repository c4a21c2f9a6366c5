import Domain

/// Which paths are management's.
struct PathTable: Sendable {
    /// First words of paths: whatever begins with one is management's, if only to say that there is nothing.
    private let words: Set<Substring>
    private let paths: [String]

    init(_ routes: [Route]) {
        self.paths = Set(routes.map(\.key.path)).sorted()
        self.words = Set(self.paths.compactMap { Self.word($0[...]) })
    }

    func owns(_ path: Substring) -> Bool {
        guard let word = Self.word(RequestTarget.normalized(path)) else { return false }
        return self.words.contains(word)
    }

    /// The first word of a path, `/v2` passed over.
    private static func word(_ path: Substring) -> Substring? {
        var parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)[...]
        if parts.first == "v2" { parts.removeFirst() }
        return parts.first
    }

    func notFound(_ path: String) -> GatewayError {
        let near = NearNames.nearest(to: path, in: self.paths).map { "'\($0)'" }
        let hint = near.isEmpty ? " /docs lists what there is." : " Did you mean \(near.joined(separator: " or "))?"
        return .missing("There is nothing at '\(FieldValue.shown(path))'.\(hint)")
    }
}
