package import Domain
import FoundationEssentials
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The last state that was loaded from the database, in a file that is sealed as a whole.
///
/// A file is replaced at once or not at all, and readable by its owner only. Reading and writing happen on threads that
/// may block.
package struct LastGoodFile: LastGoodState {
    private let path: String
    private let spendPath: String
    private let key: SealingKey
    private let purpose: String

    /// `database`: tells databases apart; the state of one is no other's.
    ///
    /// `spendPath`: for what was spent, which changes all the time.
    package init(path: String, spendPath: String, key: SealingKey, database: String) {
        self.path = path
        self.spendPath = spendPath
        self.key = key
        self.purpose = "last-good \(database)"
    }

    package func save(
        _ records: RecordSet,
        keys: @escaping @Sendable ((VirtualKey) -> Void) -> Void
    ) async throws(StoreError) {
        try await Self.blocking { () throws(StoreError) in
            try self.seal(try LastGoodContents.encode(records, keys: keys), in: self.path)
        }
    }

    package func load() async throws(StoreError) -> RecordSet? {
        try await Self.blocking { () throws(StoreError) in
            try self.opened(self.path).map { (contents) throws(StoreError) in try LastGoodContents.decode(contents) }
        }
    }

    package func saveSpend(_ spend: [KeptSpend]) async throws(StoreError) {
        try await Self.blocking { () throws(StoreError) in
            try self.seal(try LastGoodSpend.encode(spend), in: self.spendPath)
        }
    }

    package func loadSpend() async throws(StoreError) -> [KeptSpend] {
        try await Self.blocking { () throws(StoreError) in
            guard let contents = try self.opened(self.spendPath) else { return [] }
            return try LastGoodSpend.decode(contents)
        }
    }

    private func seal(_ contents: Data, in path: String) throws(StoreError) {
        guard let sealed = self.key.seal(contents, purpose: self.purpose) else {
            throw StoreError(.refused, "it cannot be sealed")
        }
        try Self.replace(path, by: sealed)
    }

    /// - Returns: nil when there is no such file.
    private func opened(_ path: String) throws(StoreError) -> Data? {
        guard let sealed = try Self.contents(of: path) else { return nil }
        guard let contents = self.key.open(sealed, purpose: self.purpose) else {
            throw StoreError(.corrupt, "it was sealed with another salt key, is of another database, or is damaged")
        }
        return contents
    }

    private static func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await NIOThreadPool.singleton.runIfActive(body)
        } catch {
            throw error as? StoreError ?? StoreError(.unavailable, "the process ends")
        }
    }

    /// - Returns: nil when there is no such file.
    private static func contents(of path: String) throws(StoreError) -> Data? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure("cannot read", path)
        }
        defer { close(file) }
        var contents = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count == 0 { return contents }
            if count > 0 {
                contents.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                throw Self.failure("cannot read", path)
            }
        }
    }

    private static func replace(_ path: String, by contents: Data) throws(StoreError) {
        let new = path + ".new"
        // One that a crash left behind may have another mode.
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("cannot write", new) }
        let isWritten = Self.append(contents, to: file) && fsync(file) == 0
        guard close(file) == 0, isWritten, rename(new, path) == 0 else {
            let failure = Self.failure("cannot write", path)
            unlink(new)
            throw failure
        }
    }

    private static func append(_ contents: Data, to file: Int32) -> Bool {
        contents.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let count = write(file, rest.baseAddress, rest.count)
                if count > 0 {
                    written += count
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        StoreError(.unavailable, "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
