import Domain
import Synchronization
import TestSupport

@testable import Accounting

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A record with everything filled in, by chance.
func randomRecord(_ random: inout SeededRandom, id: Int) -> CallRecord {
    func text() -> String {
        String((0..<Int.random(in: 1...40, using: &random)).map { _ in "aß🐦z".randomElement(using: &random) ?? "a" })
    }
    func number() -> Int { Int.random(in: 0...1_000_000, using: &random) }
    func money() -> NanoDollars { NanoDollars(Int64.random(in: 0...1_000_000_000_000, using: &random)) }
    var record = CallRecord(
        id: "record-\(id)",
        callID: Bool.random(using: &random) ? "record-\(id)" : text(),
        startedAt: WallTime(milliseconds: Int64.random(in: 1...2_000_000_000_000, using: &random)),
        finishedAt: WallTime(milliseconds: Int64.random(in: 1...2_000_000_000_000, using: &random)),
        operation: Operation.allCases.randomElement(using: &random) ?? .embeddings,
        isStream: Bool.random(using: &random),
        requestedModel: text(),
        status: number(),
        outcome: CallOutcome.allCases.randomElement(using: &random) ?? .success
    )
    record.caller.key = KeyHash(words: (random.next(), random.next(), random.next(), random.next()))
    record.caller.userID = Bool.random(using: &random) ? text() : nil
    record.caller.teamID = Bool.random(using: &random) ? text() : nil
    record.caller.tags = (0..<Int.random(in: 0...3, using: &random)).map { _ in text() }
    record.modelGroup = text()
    record.provider = text()
    record.usage.prompt = number()
    record.usage.completion = number()
    record.usage.isEstimate = Bool.random(using: &random)
    record.cost.total = Bool.random(using: &random) ? money() : nil
    record.cost.input = money()
    record.cost.isEstimate = Bool.random(using: &random)
    record.attempts = number()
    record.errorMessage = Bool.random(using: &random) ? text() : nil
    return record
}

/// A folder of its own, removed at the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array("\(folder)/martlet-ledger-XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else { throw CannotMakeFolder() }
        self.path = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        for name in self.names { unlink("\(self.path)/\(name)") }
        rmdir(self.path)
    }

    var names: [String] {
        guard let stream = opendir(self.path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

struct CannotMakeFolder: Error {}

/// A ledger in memory that may be away, and counts what comes twice.
final class MemoryLedger: CallStore {
    struct State {
        var records: [String: CallRecord] = [:]
        var repeats = 0
        var refusal: StoreError?
    }

    let state = Mutex(State())

    func book(_ records: [CallRecord]) async throws(StoreError) -> Int {
        if let refusal = self.state.withLock({ $0.refusal }) { throw refusal }
        return self.state.withLock { state in
            var count = 0
            for record in records {
                if state.records[record.id] == nil { count += 1 } else { state.repeats += 1 }
                state.records[record.id] = record
            }
            return count
        }
    }

    func calls(_ query: CallQuery) async throws(StoreError) -> Page<CallRecord> { Page(items: [], total: 0) }
    func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageRow] { [] }
    func spend(
        of kinds: [SubjectKind],
        since start: WallTime,
        byModel: Bool
    ) async throws(StoreError) -> [SubjectSpend] { [] }
    func rebuildSums() async throws(StoreError) {}
    func verifySums() async throws(StoreError) -> [String] { [] }
    func dropCalls(before time: WallTime) async throws(StoreError) -> Int { 0 }
    func callsLimit(keeping count: Int) async throws(StoreError) -> WallTime? { nil }
    func callVolume() async throws(StoreError) -> (records: Int, bytes: Int) { (0, 0) }
}
