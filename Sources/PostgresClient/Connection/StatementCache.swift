/// The prepared statements of one connection by their text; the least recently used one goes first.
struct StatementCache {
    private struct Entry {
        var name: String
        var lastUse: UInt64
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var made: UInt64 = 0

    init(limit: Int) {
        self.limit = max(limit, 0)
    }

    /// Whether statements are kept at all.
    var isKeeping: Bool { self.limit > 0 }
    var count: Int { self.entries.count }

    /// The name of the statement that has this text.
    mutating func name(of text: String) -> String? {
        self.uses += 1
        guard let index = self.entries.index(forKey: text) else { return nil }
        self.entries.values[index].lastUse = self.uses
        return self.entries.values[index].name
    }

    /// A name that no statement of the connection has had.
    mutating func makeName() -> String {
        self.made += 1
        return "martlet_\(self.made)"
    }

    /// Keeps a statement.
    mutating func insert(_ name: String, text: String) {
        self.uses += 1
        self.entries[text] = Entry(name: name, lastUse: self.uses)
    }

    /// Removes the statement that must go before another can come, and gives its name.
    ///
    /// Looks at all of them: there are few, and statements of a server repeat.
    mutating func makeRoom() -> String? {
        guard self.entries.count >= self.limit,
            let oldest = self.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return nil }
        self.entries.removeValue(forKey: oldest.key)
        return oldest.value.name
    }

    mutating func remove(text: String) {
        self.entries.removeValue(forKey: text)
    }
}
