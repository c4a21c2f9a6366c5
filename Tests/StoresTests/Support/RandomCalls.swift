import Domain
import TestSupport

/// Records of calls that look random: few subjects over a few days, so that sums have something to sum.
struct RandomCalls {
    var random: SeededRandom
    private var made = 0
    /// Before the ids, so that two sources make different records.
    private let prefix: String
    /// 2026-11-20T00:00:00Z, in the middle of an hour's grid.
    static let start = WallTime(milliseconds: 1_795_132_800_000)
    static let days: Int64 = 4

    init(seed: UInt64, prefix: String = "r") {
        self.random = SeededRandom(seed: seed)
        self.prefix = prefix
    }

    mutating func records(_ count: Int) -> [CallRecord] {
        (0..<count).map { _ in self.record() }
    }

    mutating func record() -> CallRecord {
        self.made += 1
        let finished = Self.start.milliseconds + Int64.random(in: 0..<Self.days * 86_400_000, using: &self.random)
        var record = CallRecord(
            id: "\(self.prefix)-\(self.made)",
            callID: "call-\(self.made % 7)",
            startedAt: WallTime(milliseconds: finished - Int64.random(in: 0...60_000, using: &self.random)),
            finishedAt: WallTime(milliseconds: finished),
            operation: Operation.allCases.randomElement(using: &self.random) ?? .chatCompletions,
            isStream: Bool.random(using: &self.random),
            requestedModel: "gpt 'quoted' ? \\ %",
            status: 200,
            outcome: CallOutcome.allCases.randomElement(using: &self.random) ?? .success
        )
        record.caller = self.caller()
        if self.chance(9) {
            record.modelGroup = self.one(of: ["gpt", "claude", "ünïcode", "gpt "])
            record.provider = self.one(of: ["openai", "anthropic"])
            record.deploymentID = self.one(of: ["d1", "d2", "d3"])
            record.firstByteAt = WallTime(milliseconds: finished - 10)
        }
        record.usage = TokenUsage(
            prompt: Int.random(in: 0...100_000, using: &self.random),
            completion: Int.random(in: 0...10_000, using: &self.random),
            cacheRead: Int.random(in: 0...1000, using: &self.random),
            cacheWrite: Int.random(in: 0...1000, using: &self.random)
        )
        if self.chance(8) {
            record.cost.total = NanoDollars(Int64.random(in: -1000...5_000_000_000, using: &self.random))
            record.cost.source = "table:1"
        }
        record.isCacheHit = self.chance(2)
        record.attempts = Int.random(in: 0...4, using: &self.random)
        return record
    }

    private mutating func caller() -> CallerRecord {
        var caller = CallerRecord()
        if self.chance(9) { caller.key = KeyHash(UInt64.random(in: 1...5, using: &self.random)) }
        if self.chance(7) { caller.userID = self.one(of: ["anna", "bob:c", "çelik"]) }
        if self.chance(6) { caller.teamID = self.one(of: ["red", "blue"]) }
        if self.chance(5) { caller.organizationID = self.one(of: ["acme", "umbrella"]) }
        if self.chance(3) { caller.endUserID = self.one(of: ["e1", "e2"]) }
        if self.chance(4) { caller.tags = self.chance(5) ? ["a", "b"] : [self.one(of: ["a", "c"])] }
        return caller
    }

    /// Holds in `tenths` of ten cases.
    private mutating func chance(_ tenths: Int) -> Bool {
        Int.random(in: 0..<10, using: &self.random) < tenths
    }

    private mutating func one(of texts: [String]) -> String {
        texts.randomElement(using: &self.random) ?? ""
    }
}

/// What sums of records must be, told without a database.
struct SumModel {
    struct Key: Hashable {
        var kind: SubjectKind
        var id: String
        var model: String
        var hour: Int64
    }

    private(set) var hours: [Key: UsageSums] = [:]

    init(_ records: [CallRecord]) {
        for record in records { self.add(record) }
    }

    mutating func add(_ record: CallRecord) {
        let hour = record.finishedAt.milliseconds / 3_600_000
        for (kind, id) in Self.subjects(record) {
            self.hours[Key(kind: kind, id: id, model: record.modelGroup ?? "", hour: hour), default: UsageSums()]
                .count(record)
        }
    }

    /// Sums of all keys that `group` puts together; nil leaves one out.
    func sums<Group: Hashable>(by group: (Key) -> Group?) -> [Group: UsageSums] {
        var sums: [Group: UsageSums] = [:]
        for (key, value) in self.hours {
            guard let group = group(key) else { continue }
            sums[group, default: UsageSums()].merge(value)
        }
        return sums
    }

    static func subjects(_ record: CallRecord) -> [(SubjectKind, String)] {
        let caller = record.caller
        var subjects: [(SubjectKind, String?)] = [
            (.global, ""), (.key, caller.key?.hex), (.user, caller.userID), (.team, caller.teamID),
            (.organization, caller.organizationID), (.endUser, caller.endUserID), (.model, record.modelGroup),
            (.provider, record.provider), (.deployment, record.deploymentID),
        ]
        if let team = caller.teamID, let user = caller.userID { subjects.append((.teamMember, "\(team):\(user)")) }
        subjects += Set(caller.tags).map { (.tag, $0) }
        return subjects.compactMap { kind, id in id.map { (kind, $0) } }
    }
}

extension UsageSums {
    mutating func count(_ record: CallRecord) {
        self.calls += 1
        self.spend = self.spend + (record.cost.total ?? .zero)
        self.unpriced += record.cost.total == nil ? 1 : 0
        self.promptTokens += record.usage.prompt
        self.completionTokens += record.usage.completion
        self.cacheReadTokens += record.usage.cacheRead
        self.cacheWriteTokens += record.usage.cacheWrite
        self.failures += [.failure, .refused].contains(record.outcome) ? 1 : 0
        self.cacheHits += record.isCacheHit ? 1 : 0
    }

    mutating func merge(_ other: UsageSums) {
        self.calls += other.calls
        self.spend = self.spend + other.spend
        self.unpriced += other.unpriced
        self.promptTokens += other.promptTokens
        self.completionTokens += other.completionTokens
        self.cacheReadTokens += other.cacheReadTokens
        self.cacheWriteTokens += other.cacheWriteTokens
        self.failures += other.failures
        self.cacheHits += other.cacheHits
    }
}
