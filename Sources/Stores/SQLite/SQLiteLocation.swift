package import Domain

/// Where an SQLite database lies: the path of its file.
package struct SQLiteLocation: Sendable, Equatable {
    /// Absolute, or relative to the working directory.
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Reads `sqlite:///relative.db` or `sqlite:////absolute.db`, as SQLAlchemy spells them; nothing is decoded.
    ///
    /// - Throws: `refused`, with words for whoever wrote the URL.
    package init(url: String) throws(StoreError) {
        let prefix = "sqlite:///"
        guard url.lowercased().hasPrefix(prefix) else {
            throw StoreError(.refused, "an SQLite database is written sqlite:///relative.db or sqlite:////absolute.db")
        }
        let path = String(url.dropFirst(prefix.count))
        guard !path.isEmpty, !path.hasSuffix("/") else {
            throw StoreError(.refused, "the URL of the SQLite database names no file")
        }
        guard path != ":memory:" else {
            throw StoreError(.refused, "a database in memory would forget keys and spend: name a file")
        }
        guard !path.utf8.contains(0) else { throw StoreError(.refused, "the path of the database holds U+0000") }
        self.path = path
    }

    /// The directory that the file lies in.
    var directory: String {
        guard let slash = self.path.lastIndex(of: "/") else { return "." }
        return slash == self.path.startIndex ? "/" : String(self.path[..<slash])
    }
}
