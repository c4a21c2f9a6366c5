package import Domain

extension SQLStore {
    /// Records a transaction; more keep others waiting for too long.
    private static var bookedAtOnce: Int { 10_000 }

    private static let insertion = SQLInsert(
        table: "calls",
        columns: CallColumns.all,
        onConflict: "ON CONFLICT DO NOTHING",
        returning: ["id"]
    )

    private static let tagInsertion = SQLInsert(
        table: "call_tags",
        columns: [.init("tag", .text), .init("finished_at", .integer), .init("id", .text)]
    )

    @discardableResult
    package func book(_ records: [CallRecord]) async throws(StoreError) -> Int {
        var booked = 0
        // Replicas that insert the same records wait for each other in one direction.
        let records = records.map(\.bounded).sorted { $0.id < $1.id }
        for start in stride(from: 0, to: records.count, by: Self.bookedAtOnce) {
            booked += try await self.bookBatch(records[start..<min(start + Self.bookedAtOnce, records.count)])
        }
        return booked
    }

    private func bookBatch(_ records: ArraySlice<CallRecord>) async throws(StoreError) -> Int {
        let days = Set(records.lazy.map(LedgerPartitions.day))
        try await self.partitions.prepare(days, self.database)
        do {
            return try await self.database.write { (session: any SQLSession) throws(StoreError) in
                try Self.book(records, session)
            }
        } catch  where error.kind == .refused && self.database.dialect == .postgres {
            // Another replica may have dropped a day that this one has a late record of.
            self.partitions.forget()
            try await self.partitions.prepare(days, self.database)
            return try await self.database.write { (session: any SQLSession) throws(StoreError) in
                try Self.book(records, session)
            }
        }
    }

    /// The one place where sums grow: by records that were not there, in the transaction that inserts them.
    private static func book(_ records: ArraySlice<CallRecord>, _ session: any SQLSession) throws(StoreError) -> Int {
        var values: [SQLValue] = []
        values.reserveCapacity(records.count * CallColumns.all.count)
        for record in records { try CallColumns.append(record, to: &values) }
        var inserted: Set<String> = []
        try session.insert(Self.insertion, values) { (row: any SQLRow) throws(StoreError) in
            inserted.insert(row.text(0))
        }
        guard !inserted.isEmpty else { return 0 }
        let booked = inserted.count
        var sums = BatchSums()
        var tags: [SQLValue] = []
        // An id that stands twice in the batch was inserted once.
        for record in records where inserted.remove(record.id) != nil {
            sums.add(record)
            for tag in record.caller.tags {
                tags += [.text(tag), .integer(record.finishedAt.milliseconds), .text(record.id)]
            }
        }
        if !tags.isEmpty { try session.insert(Self.tagInsertion, tags) }
        try session.take(.sums)
        try sums.write(session)
        return booked
    }
}
