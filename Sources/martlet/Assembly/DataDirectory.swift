#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the gateway keeps what must outlive it: the embedded database, the journal, the last good state.
struct DataDirectory {
    let path: String

    /// Makes the directory where it is missing, readable by this user alone.
    ///
    /// - Throws: `StartFailure` when it cannot be made or written.
    init(_ path: String) throws {
        self.path = path
        try Self.make(path)
        try Self.make(path + "/journal")
    }

    var journal: String { self.path + "/journal" }
    var database: String { self.path + "/martlet.db" }
    /// The last good state.
    var lastGood: String { self.path + "/last-good.sealed" }
    /// What had been spent in it.
    var lastSpend: String { self.path + "/last-spend.sealed" }

    private static func make(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST {
            guard access(path, W_OK | X_OK) == 0 else {
                throw StartFailure("the data directory '\(path)' cannot be written by this user")
            }
            return
        }
        let reason = String(cString: strerror(errno))
        throw StartFailure("the data directory '\(path)' cannot be made: \(reason)")
    }
}
