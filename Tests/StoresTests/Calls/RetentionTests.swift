import Accounting
import Domain
import Stores
import Synchronization
import Testing

@Suite struct RetentionTests {
    private struct Clock: WallClock {
        // At the end of the third of four days.
        let now = WallTime(milliseconds: RandomCalls.start.milliseconds + 3 * 86_400_000)
    }

    private static func retention(_ store: SQLStore, _ period: Duration?, _ records: Int?) -> LedgerRetention {
        LedgerRetention(store: store, period: period, records: records, clock: Clock()) { Issue.record("\($0)") }
    }

    @Test(arguments: Backend.allCases) func dropsByAgeAndByNumber(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 12)
            let records = source.records(600)
            try await store.book(records)
            let limit = Clock().now.milliseconds - 30 * 3_600_000
            let young = records.count { $0.finishedAt.milliseconds >= limit }
            let byAge = Self.retention(store, .seconds(30 * 3600), nil)
            await byAge.drop()
            #expect(await byAge.dropped == records.count - young)
            #expect(try await store.callVolume().records == young)
            let byNumber = Self.retention(store, .seconds(30 * 3600), 77)
            await byNumber.drop()
            await byNumber.drop()
            #expect(await byNumber.dropped == young - 77)
            #expect(try await store.calls(CallQuery()).items.count == 50)
            #expect(try await store.callVolume().records == 77)
            // Spend is no record.
            let spent = records.reduce(NanoDollars.zero) { $0 + ($1.cost.total ?? .zero) }
            #expect(try await store.usage(UsageQuery(.global, groups: [])).map(\.sums.spend) == [spent])
            #expect(try await store.verifySums() == [])
        }
    }

    @Test func troubleIsToldOnce() async throws {
        let told = Mutex(0)
        let store = SQLStore(SQLiteDatabase(SQLiteLocation(path: "/nowhere/at/all.db")), clock: Clock())
        let retention = LedgerRetention(store: store, period: .seconds(1), records: nil, clock: Clock()) { _ in
            told.withLock { $0 += 1 }
        }
        await retention.drop()
        await retention.drop()
        #expect(told.withLock { $0 } == 1)
    }
}
