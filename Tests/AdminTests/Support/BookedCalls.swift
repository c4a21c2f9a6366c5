import Domain
import Stores
import TestSupport

@testable import Admin

/// Calls over five days by the people of the ``World``, the same in every run, and the sums that follow from them.
enum BookedCalls {
    static let firstDay = "2026-09-17"
    static let lastDay = "2026-09-21"
    static let models = ["gpt-4o", "gpt-4o-mini", "claude"]
    static let tags = ["batch", "nightly"]

    static let all: [CallRecord] = {
        var random = SeededRandom(seed: 7)
        return (0..<240).map { BookedCalls.record($0, using: &random) }
    }()

    private static func record(_ index: Int, using random: inout SeededRandom) -> CallRecord {
        let day = index % 5
        // Days before the test's today, at any moment of the day.
        let midnight = WallTime(seconds: 1_789_948_800 - Int64(day) * 86_400)
        let finished = WallTime(milliseconds: midnight.milliseconds + Int64.random(in: 0..<46_000_000, using: &random))
        let outcome = CallOutcome.allCases[index % 11 < 8 ? 0 : index % 11 - 7]
        var record = CallRecord(
            id: "call-\(index)",
            callID: "client-\(index)",
            startedAt: WallTime(milliseconds: finished.milliseconds - 1500),
            finishedAt: finished,
            operation: index % 4 == 0 ? .embeddings : .chatCompletions,
            isStream: index % 3 == 0,
            requestedModel: "asked-for",
            status: outcome == .success ? 200 : 500,
            outcome: outcome
        )
        self.setCaller(&record, index, using: &random)
        if outcome != .refused { self.setModel(&record, index, using: &random) }
        return record
    }

    private static func setCaller(_ record: inout CallRecord, _ index: Int, using random: inout SeededRandom) {
        let user = ["ines", "vera", "olaf"].randomElement(using: &random) ?? "ines"
        // Every seventh call was made with the master key.
        if index % 7 != 0 {
            record.caller.key = World.hash(user)
            record.caller.keyAlias = "\(user)s"
            record.caller.userID = user
        }
        if user != "olaf" {
            record.caller.teamID = index % 2 == 0 ? "search" : nil
            record.caller.organizationID = "acme"
        }
        if index % 5 == 1 { record.caller.endUserID = ["buyer", "visitor"][index % 2] }
        record.caller.tags = self.tags.filter { _ in Bool.random(using: &random) }
    }

    private static func setModel(_ record: inout CallRecord, _ index: Int, using random: inout SeededRandom) {
        let model = self.models.randomElement(using: &random) ?? "claude"
        record.modelGroup = model
        record.provider = model == "claude" ? "anthropic" : "openai"
        record.upstreamModel = "\(model)-2026"
        record.usage = TokenUsage(
            prompt: Int.random(in: 0...900, using: &random),
            completion: Int.random(in: 0...300, using: &random)
        )
        // Every thirteenth call has no known price.
        if index % 13 != 0 { record.cost.total = NanoDollars(Int64.random(in: 0...9_999_999, using: &random)) }
    }

    static func spend(_ isWanted: (CallRecord) -> Bool = { _ in true }) -> NanoDollars {
        self.all.filter(isWanted).reduce(NanoDollars.zero) { $0 + ($1.cost.total ?? .zero) }
    }

    static func tokens(_ isWanted: (CallRecord) -> Bool = { _ in true }) -> Int {
        self.all.filter(isWanted).reduce(0) { $0 + $1.usage.total }
    }

    static func count(_ isWanted: (CallRecord) -> Bool = { _ in true }) -> Int { self.all.filter(isWanted).count }

    /// The calls' ids, the newest first.
    static func ids(_ isWanted: (CallRecord) -> Bool = { _ in true }) -> [String] {
        self.all.filter(isWanted).sorted { ($1.finishedAt, $1.id) < ($0.finishedAt, $0.id) }.map(\.id)
    }

    static func day(_ call: CallRecord) -> String { CivilDate(call.finishedAt).description }
}

/// Runs a test with an office whose ledger holds ``BookedCalls``.
func withLedger(
    state: (any GatewayState)? = nil,
    _ body: (Office) async throws -> Void
) async throws {
    try await withOffice(state: state) { office in
        try await office.store.book(BookedCalls.all)
        try await body(office)
    }
}

/// An amount as answers spell it.
func dollars(_ amount: NanoDollars) -> String {
    let text = amount.description
    return text.contains(".") ? text : text + ".0"
}
