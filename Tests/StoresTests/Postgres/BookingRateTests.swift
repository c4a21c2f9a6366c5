import Domain
import Foundation
import Stores
import TestSupport
import Testing

/// Says how fast the ledger takes records; run by hand, since it proves nothing about correctness.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_MEASURE"] != nil)) struct BookingRateTests {
    @Test(arguments: Backend.allCases) func measure(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var source = RandomCalls(seed: 10)
            let records = source.records(40_000)
            let begun = ContinuousClock.now
            for start in stride(from: 0, to: records.count, by: 4000) {
                try await store.book(Array(records[start..<start + 4000]))
            }
            let seconds = ContinuousClock.now - begun
            print("\(backend.rawValue): \(records.count) records booked in \(seconds)")
            #expect(try await store.verifySums() == [])
        }
    }
}
