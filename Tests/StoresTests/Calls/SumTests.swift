import Domain
import Stores
import TestSupport
import Testing

@Suite struct SumTests {
    private struct Group: Hashable {
        var day: Int64?
        var subject: String?
        var model: String?
    }

    private static func check(
        _ store: SQLStore,
        _ model: SumModel,
        _ query: UsageQuery,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let expected = model.sums { key -> Group? in
            guard key.kind == query.kind, query.ids?.contains(key.id) ?? true, query.models?.contains(key.model) ?? true
            else { return nil }
            if let from = query.from, key.hour < from.milliseconds / 3_600_000 { return nil }
            if let to = query.to, key.hour >= (to.milliseconds + 3_599_999) / 3_600_000 { return nil }
            return Group(
                day: query.groups.contains(.day) ? key.hour / 24 : nil,
                subject: query.groups.contains(.subject) ? key.id : nil,
                model: query.groups.contains(.model) ? key.model : nil
            )
        }
        let rows = try await store.usage(query)
        let found = rows.map { row in
            (Group(day: row.day?.dayNumber, subject: row.subject, model: row.model), row.sums)
        }
        let whole = query.groups.isEmpty && expected.isEmpty ? [Group(): UsageSums()] : expected
        #expect(Dictionary(found) { first, _ in first } == whole, sourceLocation: sourceLocation)
        #expect(rows.count == whole.count, sourceLocation: sourceLocation)
        // Days in their order, then the largest spend first.
        let order = found.map { ($0.0.day ?? 0, -$0.1.spend.value) }
        #expect(order.elementsEqual(order.sorted { $0 < $1 }, by: ==), sourceLocation: sourceLocation)
    }

    @Test(arguments: Backend.allCases) func sumsAreThoseOfTheRecords(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 4)
            let records = source.records(1500)
            for start in stride(from: 0, to: 1500, by: 250) {
                try await store.book(Array(records[start..<start + 250]))
            }
            let model = SumModel(records)
            let from = WallTime(milliseconds: RandomCalls.start.milliseconds + 80_000_001)
            let to = WallTime(milliseconds: RandomCalls.start.milliseconds + 250_000_001)
            let groups: [Set<UsageQuery.Group>] = [[], [.day], [.subject], [.model], [.day, .subject, .model]]
            for kind in SubjectKind.allCases {
                for groups in groups {
                    var query = UsageQuery(kind, groups: groups)
                    try await Self.check(store, model, query)
                    (query.from, query.to) = (from, to)
                    try await Self.check(store, model, query)
                    query.models = ["gpt", "", "nothing"]
                    query.ids = ["anna", "red", "a", "", "gpt", KeyHash(1).hex]
                    try await Self.check(store, model, query)
                    query.ids = ["anna"]
                    query.to = nil
                    try await Self.check(store, model, query)
                }
            }
            var query = UsageQuery(.user, groups: [.subject])
            query.limit = 1
            let largest = model.sums { $0.kind == .user ? $0.id : nil }.max { $0.value.spend < $1.value.spend }
            #expect(try await store.usage(query).map(\.subject) == [largest?.key])
        }
    }

    @Test(arguments: Backend.allCases) func spendSinceAMomentIsExact(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 5)
            let records = source.records(800)
            try await store.book(records)
            struct Subject: Hashable {
                var kind: SubjectKind
                var id: String
                var model: String?
            }
            let moments = [
                .distantPast, RandomCalls.start, records[0].finishedAt, records[1].finishedAt.advanced(bySeconds: 1),
                WallTime(milliseconds: RandomCalls.start.milliseconds + 3_600_000 * 30), FixedClock().now,
            ]
            for start in moments {
                for byModel in [false, true] {
                    var expected: [Subject: NanoDollars] = [:]
                    for record in records where record.finishedAt >= start {
                        for (kind, id) in SumModel.subjects(record) {
                            let subject = Subject(kind: kind, id: id, model: byModel ? record.modelGroup ?? "" : nil)
                            expected[subject, default: .zero] =
                                expected[subject, default: .zero] + (record.cost.total ?? .zero)
                        }
                    }
                    let found = try await store.spend(of: SubjectKind.allCases, since: start, byModel: byModel)
                    let spend = found.map { (Subject(kind: $0.kind, id: $0.id, model: $0.model), $0.spend) }
                    #expect(Dictionary(uniqueKeysWithValues: spend) == expected)
                }
            }
            #expect(
                Set(try await store.spend(of: [.team], since: .distantPast, byModel: false).map(\.id)) == [
                    "red", "blue",
                ]
            )
        }
    }

    @Test(arguments: Backend.allCases) func tamperedSumsAreFoundAndMadeAnew(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 6)
            let records = source.records(300)
            try await store.book(records)
            #expect(try await store.verifySums() == [])
            try await database.run(
                "UPDATE usage_hourly SET spend = spend + 5 WHERE kind = 'team' AND id = 'red' AND model = 'gpt'"
                    + " AND hour = (SELECT MAX(hour) FROM usage_hourly WHERE kind = 'team' AND id = 'red' AND model = 'gpt')"
            )
            let hourly = try await store.verifySums()
            // The hour no longer follows from its records, nor the total from its hours.
            #expect(hourly.count == 2)
            #expect(hourly.allSatisfy { $0.contains("team red") && $0.contains("model gpt") })
            #expect(hourly.contains { $0.hasPrefix("usage_hourly") && $0.contains("spend is 5 too high") })
            #expect(hourly.contains { $0.hasPrefix("usage_total") && $0.contains("spend is 5 too low") })
            try await database.run("DELETE FROM usage_total WHERE kind = 'global'")
            try await database.run("UPDATE usage_total SET calls = 7 WHERE kind = 'user'")
            #expect(try await store.verifySums().contains { $0.contains("global") })
            // A record that vanished is found as well.
            try await database.run("DELETE FROM calls WHERE id = 'r-17'")
            try await store.rebuildSums()
            #expect(try await store.verifySums() == [])
            let left = SumModel(records.filter { $0.id != "r-17" })
            // Tags of the vanished record went with it: sums of tags follow from the records, too.
            for kind in SubjectKind.allCases {
                try await Self.check(store, left, UsageQuery(kind, groups: [.subject, .model]))
            }
            try await store.book(source.records(50))
            #expect(try await store.verifySums() == [])
        }
    }

    @Test(arguments: Backend.allCases) func droppedCallsLeaveTheirSums(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            let other = try database.store()
            var source = RandomCalls(seed: 7)
            let records = source.records(900)
            try await store.book(records)
            // In the middle of the third day, and of an hour.
            let limit = WallTime(milliseconds: RandomCalls.start.milliseconds + 86_400_000 * 2 + 40_000_123)
            let old = records.filter { $0.finishedAt < limit }
            #expect(try await store.callVolume().records == 900)
            let before = try await store.callVolume().bytes
            #expect(try await store.dropCalls(before: limit) == old.count)
            #expect(try await store.dropCalls(before: limit) == 0)
            let volume = try await store.callVolume()
            #expect(volume.records == 900 - old.count)
            #expect(volume.bytes > 0 && volume.bytes < before)
            if backend == .postgres {
                #expect(try await database.integers("SELECT COUNT(*) FROM call_partitions") == [2])
            }
            #expect(
                try await database.integers("SELECT COUNT(*) FROM call_tags WHERE finished_at < \(limit.milliseconds)")
                    == [0]
            )
            let model = SumModel(records)
            for kind in SubjectKind.allCases {
                try await Self.check(store, model, UsageQuery(kind, groups: [.day, .subject, .model]))
            }
            #expect(try await store.verifySums() == [])
            try await store.rebuildSums()
            try await Self.check(store, model, UsageQuery(.user, groups: [.subject]))
            var query = CallQuery()
            query.userID = "anna"
            let annas = records.filter { $0.caller.userID == "anna" && $0.finishedAt >= limit }
            #expect(try await store.calls(query).total == annas.count)
            // A late record of a dropped day is booked, by a replica that did not drop it and by the one that did.
            var late = records[0]
            late.finishedAt = RandomCalls.start
            for (index, replica) in [other, store].enumerated() {
                late.id = "late-\(index)"
                #expect(try await replica.book([late]) == 1)
            }
            #expect(try await store.verifySums() == [])
            #expect(try await store.callVolume().records == 902 - old.count)
        }
    }

    @Test(arguments: Backend.allCases) func noMoreCallsStayThanShall(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            #expect(try await store.callsLimit(keeping: 0) == nil)
            var source = RandomCalls(seed: 11)
            let records = source.records(500)
            try await store.book(records)
            #expect(try await store.callsLimit(keeping: 500) == nil)
            let newest = records.map(\.finishedAt).sorted(by: >)
            for count in [499, 250, 249, 3, 1, 0] {
                let limit = try #require(try await store.callsLimit(keeping: count))
                #expect(limit.milliseconds == newest[count].milliseconds + 1)
                try await store.dropCalls(before: limit)
                #expect(try await store.callVolume().records == count)
                #expect(try await store.callsLimit(keeping: count) == nil)
            }
            #expect(try await store.verifySums() == [])
        }
    }
}
