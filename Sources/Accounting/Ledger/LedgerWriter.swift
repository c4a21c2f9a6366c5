package import Domain

/// Moves records from the journal into the store: in batches, each record once, whatever is interrupted.
///
/// The store being away only delays: records stay in the journal.
package actor LedgerWriter {
    /// What the writer has done since its start.
    package struct Counts: Sendable, Equatable {
        package var booked = 0
        package var rejected = 0
        package var retries = 0
    }

    private let journal: Journal
    private let store: any CallStore
    private let batch: Int
    private let interval: Duration
    private let onTrouble: @Sendable (String) -> Void
    private var failures = 0
    private var round = 0
    package private(set) var counts = Counts()

    /// `interval`: how long records may wait for company; the more come together, the fewer rows of sums are written for
    /// each, and the fewer pages.
    ///
    /// `onTrouble`: told once when the store goes away, and of each record that is given up.
    package init(
        journal: Journal,
        store: any CallStore,
        batch: Int = 20_000,
        interval: Duration = .seconds(1),
        onTrouble: @escaping @Sendable (String) -> Void
    ) {
        self.journal = journal
        self.store = store
        self.batch = batch
        self.interval = interval
        self.onTrouble = onTrouble
    }

    /// Books what comes until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            if self.round % 10 == 0 { self.journal.adopt() }
            self.journal.synchronize()
            self.round += 1
            let wasFull = await self.drain()
            guard !wasFull else { continue }
            let pause =
                self.failures == 0 ? self.interval : min(.seconds(5), self.interval * (1 << min(self.failures, 6)))
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// Books everything that old processes have left; to be called before budgets are counted.
    package func replay() async {
        self.journal.adopt()
        while await self.drain() {}
    }

    /// Books what is left, at the end.
    ///
    /// - Returns: whether nothing waits any more.
    package func finish() async -> Bool {
        self.journal.closeAll()
        while await self.drain() {}
        self.journal.removeSpent()
        return self.journal.pendingBytes == 0
    }

    /// Books what waits, a batch of each segment.
    ///
    /// - Returns: whether there is more at once.
    private func drain() async -> Bool {
        var isMore = false
        for segment in self.journal.segments where segment.pending > 0 {
            var records: [CallRecord] = []
            let end = segment.read(limit: self.batch) { bytes in
                do throws(RecordReader.Defect) {
                    records.append(try RecordReader.read(bytes))
                } catch {
                    self.counts.rejected += 1
                    self.onTrouble("a record of the journal cannot be read and is given up: \(error)")
                }
            }
            guard await self.book(records) else { return false }
            segment.markDrained(to: end)
            if segment.pending > 0 { isMore = true }
        }
        self.journal.removeSpent()
        return isMore
    }

    /// - Returns: false when the records must be kept for later.
    private func book(_ records: [CallRecord]) async -> Bool {
        guard !records.isEmpty else { return true }
        do throws(StoreError) {
            self.counts.booked += try await self.store.book(records)
            self.failures = 0
            return true
        } catch {
            self.failures += 1
            self.counts.retries += 1
            if self.failures == 1 {
                self.onTrouble("the ledger cannot be written, records wait in the journal: \(error.detail)")
            }
            guard error.kind == .refused || error.kind == .corrupt, self.failures > 3 else { return false }
            return await self.bookOneByOne(records)
        }
    }

    /// Finds the records that the store refuses for ever, so that they hold up no others.
    private func bookOneByOne(_ records: [CallRecord]) async -> Bool {
        for record in records {
            do throws(StoreError) {
                self.counts.booked += try await self.store.book([record])
            } catch {
                guard error.kind == .refused || error.kind == .corrupt else { return false }
                self.counts.rejected += 1
                self.onTrouble("the store refuses the record of call \(record.id), which is given up: \(error.detail)")
            }
        }
        self.failures = 0
        return true
    }
}
