package import Domain

/// Drops the ledger's records that are too old or too many; what was spent stays in the sums.
///
/// Replicas may do so at the same time: each drops what the others have left.
package actor LedgerRetention {
    private let store: any CallStore
    private let period: Duration?
    private let records: Int?
    private let clock: any WallClock
    private let interval: Duration
    private let onTrouble: @Sendable (String) -> Void
    private var isFailing = false
    /// How many records were dropped.
    package private(set) var dropped = 0

    /// `period`: how long records are kept; nil for ever.
    ///
    /// `records`: how many are kept; nil for all.
    ///
    /// `onTrouble`: told once when records cannot be dropped.
    package init(
        store: any CallStore,
        period: Duration?,
        records: Int?,
        clock: any WallClock,
        interval: Duration = .seconds(600),
        onTrouble: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.period = period
        self.records = records
        self.clock = clock
        self.interval = interval
        self.onTrouble = onTrouble
    }

    /// Drops what may go, again and again, until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            // Spread, so that replicas that were started together do not come all at once.
            do { try await Task.sleep(for: self.interval * Double.random(in: 0.5...1)) } catch { return }
            await self.drop()
        }
    }

    /// Drops what may go at this moment.
    package func drop() async {
        do throws(StoreError) {
            if let period = self.period {
                let limit = self.clock.now.milliseconds - period.components.seconds * 1000
                self.dropped += try await self.store.dropCalls(before: WallTime(milliseconds: limit))
            }
            if let records = self.records, let limit = try await self.store.callsLimit(keeping: records) {
                self.dropped += try await self.store.dropCalls(before: limit)
            }
            self.isFailing = false
        } catch {
            if !self.isFailing { self.onTrouble("old records of calls cannot be dropped: \(error.detail)") }
            self.isFailing = true
        }
    }
}
