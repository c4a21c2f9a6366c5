import Domain
import Stores
import TestSupport
import Testing

@Suite struct BookingTests {
    /// A record with every field set that the ledger keeps.
    private static var whole: CallRecord {
        var record = CallRecord(
            id: "whole",
            callID: "client's",
            startedAt: WallTime(milliseconds: 1_795_132_800_123),
            finishedAt: WallTime(milliseconds: 1_795_132_802_456),
            operation: .embeddings,
            isStream: true,
            requestedModel: "gpt",
            status: 502,
            outcome: .failure
        )
        record.firstByteAt = WallTime(milliseconds: 1_795_132_801_000)
        record.caller.key = KeyHash(1)
        record.caller.keyAlias = "alias"
        record.caller.userID = "anna"
        record.caller.teamID = "red"
        record.caller.organizationID = "acme"
        record.caller.endUserID = "end"
        record.caller.tags = ["a", "quote\"d", "ünï"]
        record.caller.address = "10.0.0.1"
        record.caller.sessionID = "session"
        record.modelGroup = "group"
        record.deploymentID = "d1"
        record.provider = "openai"
        record.upstreamModel = "gpt-4o"
        record.apiBase = "https://api.example/v1"
        record.usage = TokenUsage(
            prompt: 1,
            completion: 2,
            cacheRead: 3,
            cacheWrite: 4,
            cacheWriteOneHour: 5,
            reasoning: 6,
            audioInput: 7,
            audioOutput: 8,
            searches: 9,
            isEstimate: true
        )
        record.cost.total = NanoDollars(45)
        record.cost.input = NanoDollars(1)
        record.cost.cacheRead = NanoDollars(2)
        record.cost.cacheWrite = NanoDollars(3)
        record.cost.output = NanoDollars(4)
        record.cost.reasoning = NanoDollars(5)
        record.cost.media = NanoDollars(6)
        record.cost.extras = NanoDollars(24)
        record.cost.isEstimate = true
        record.cost.source = "table:1"
        record.errorCode = "bad_gateway"
        record.errorMessage = "the provider's words: 'no' \\ ?"
        record.attempts = 3
        record.isCacheHit = true
        return record
    }

    @Test(arguments: Backend.allCases) func recordsComeBackAsTheyWere(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var bare = CallRecord(
                id: "bare",
                callID: "",
                startedAt: Self.whole.startedAt,
                finishedAt: Self.whole.startedAt,
                operation: .completions,
                isStream: false,
                requestedModel: "",
                status: 200,
                outcome: .success
            )
            bare.cost.total = nil
            #expect(try await store.book([Self.whole, bare]) == 2)
            let page = try await store.calls(CallQuery())
            #expect(page.total == 2)
            #expect(page.items == [Self.whole, bare])
        }
    }

    /// What a client or a provider says must never keep the batch it is in out of the ledger.
    @Test(arguments: Backend.allCases) func hostileWordsAreBooked(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var record = Self.whole
            record.caller.endUserID = String(repeating: "é", count: 100_000)
            record.caller.tags = (0..<500).map { "tag \($0)\0" } + ["a", "a"]
            record.modelGroup = "nul\0 and \u{202e}"
            record.errorMessage = String(repeating: "x\0", count: 1_000_000)
            record.usage.prompt = .max
            record.usage.completion = -5
            record.cost.total = NanoDollars(.max)
            record.startedAt = WallTime(milliseconds: .min)
            var other = record
            other.id = "other"
            other.finishedAt = WallTime(milliseconds: .max)
            #expect(try await store.book([record, other]) == 2)
            #expect(try await store.verifySums() == [])
            let found = try #require(try await store.calls(CallQuery()).items.last)
            #expect(found.caller.endUserID?.utf8.count == 400)
            #expect(found.caller.tags.count == 64)
            #expect(found.modelGroup == "nul\u{fffd} and \u{202e}")
            #expect(found.usage.completion == 0)
        }
    }

    @Test(arguments: Backend.allCases) func aRecordIsBookedOnceHoweverOftenItComes(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 1)
            let records = source.records(500)
            #expect(try await store.book(records) == 500)
            #expect(try await store.book(records) == 0)
            // By another replica, overlapping, in another order, and twice in one batch.
            let more = source.records(100)
            let mixed = (records.suffix(300) + more + more).shuffled(using: &source.random)
            #expect(try await database.store().book(mixed) == 100)
            #expect(try await store.book([]) == 0)
            let expected = SumModel(records + more).sums { $0.kind == .global ? 0 : nil }[0]
            #expect(try await store.usage(UsageQuery(.global, groups: [])).map(\.sums) == [expected])
            #expect(try await store.verifySums() == [])
            #expect(try await store.calls(CallQuery()).total == 600)
        }
    }

    @Test(arguments: Backend.allCases) func replicasBookTheSameRecordsAtOnce(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            var stores = [try await database.prepared()]
            for _ in 0..<3 { stores.append(try database.store()) }
            var source = RandomCalls(seed: 2)
            let records = source.records(600)
            let booked = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, store) in stores.enumerated() {
                    // Each replica has two thirds of them, in an order of its own, in batches.
                    let own = records.enumerated().filter { $0.offset % 3 != index % 3 }.map(\.element)
                        .shuffled(using: &source.random)
                    group.addTask {
                        var booked = 0
                        for start in stride(from: 0, to: own.count, by: 70) {
                            booked += try await store.book(Array(own[start..<min(start + 70, own.count)]))
                        }
                        return booked
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(booked == 600)
            #expect(try await stores[0].verifySums() == [])
            let expected = SumModel(records).sums { $0.kind == .global ? 0 : nil }[0]
            #expect(try await stores[0].usage(UsageQuery(.global, groups: [])).map(\.sums) == [expected])
        }
    }

    @Test(arguments: Backend.allCases) func callsAreFoundByEveryCondition(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 3)
            let records = source.records(400)
            try await store.book(records)
            let from = WallTime(milliseconds: RandomCalls.start.milliseconds + 30_000_123)
            let to = WallTime(milliseconds: RandomCalls.start.milliseconds + 200_000_777)
            let conditions: [(String, (inout CallQuery) -> Void, (CallRecord) -> Bool)] = [
                ("all", { _ in }, { _ in true }),
                ("call", { $0.callID = "call-3" }, { $0.callID == "call-3" }),
                ("key", { $0.key = KeyHash(2) }, { $0.caller.key == KeyHash(2) }),
                ("user", { $0.userID = "bob:c" }, { $0.caller.userID == "bob:c" }),
                ("team", { $0.teamID = "red" }, { $0.caller.teamID == "red" }),
                ("organization", { $0.organizationID = "acme" }, { $0.caller.organizationID == "acme" }),
                ("end user", { $0.endUserID = "e1" }, { $0.caller.endUserID == "e1" }),
                ("model", { $0.modelGroup = "ünïcode" }, { $0.modelGroup == "ünïcode" }),
                ("tag", { $0.tag = "a" }, { $0.caller.tags.contains("a") }),
                ("outcome", { $0.outcome = .refused }, { $0.outcome == .refused }),
                ("nobody", { $0.userID = "x' OR '1'='1" }, { _ in false }),
                (
                    "tag and team", { ($0.tag, $0.teamID) = ("b", "blue") },
                    { $0.caller.tags.contains("b") && $0.caller.teamID == "blue" }
                ),
            ]
            for (name, change, holds) in conditions {
                for (from, to) in [(nil, nil), (from, nil), (nil, to), (from, to), (to, from)]
                    as [(WallTime?, WallTime?)]
                {
                    var query = CallQuery()
                    change(&query)
                    (query.from, query.to, query.size) = (from, to, 1000)
                    let expected = records.filter { record in
                        holds(record) && from.map { $0 <= record.finishedAt } ?? true
                            && to.map { record.finishedAt < $0 } ?? true
                    }
                    .sorted { ($1.finishedAt, $1.id) < ($0.finishedAt, $0.id) }
                    let page = try await store.calls(query)
                    #expect(page.total == expected.count, "\(name)")
                    #expect(page.items == expected, "\(name)")
                    query.descending = false
                    (query.page, query.size) = (2, 7)
                    #expect(
                        try await store.calls(query).items == Array(expected.reversed().dropFirst(7).prefix(7)),
                        "\(name)"
                    )
                }
            }
        }
    }
}
