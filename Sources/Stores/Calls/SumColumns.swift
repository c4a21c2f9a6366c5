import Domain

/// The columns of the tables of sums that hold sums, and how they follow from records.
enum SumColumns {
    static let names = [
        "spend", "prompt_tokens", "completion_tokens", "cache_read_tokens", "cache_write_tokens", "calls", "failures",
        "unpriced", "cache_hits",
    ]

    /// What a record of `calls` adds to each; ``UsageSums/add(_:)`` says the same in Swift.
    static let ofRecord = [
        "COALESCE(calls.cost, 0)", "calls.prompt_tokens", "calls.completion_tokens", "calls.cache_read_tokens",
        "calls.cache_write_tokens", "1", "CASE WHEN calls.outcome IN ('failure', 'refused') THEN 1 ELSE 0 END",
        "CASE WHEN calls.cost IS NULL THEN 1 ELSE 0 END", "calls.is_cache_hit",
    ]

    static let list = Self.names.joined(separator: ", ")

    /// The hour that a record's end lies in, counted since 1970.
    static let hourOfRecord = "(calls.finished_at / 3600000)"

    /// Sums of the columns, as integers: PostgreSQL's sums of 64-bit integers are of another type.
    static func summed(_ expressions: [String] = Self.names) -> String {
        expressions.map { "CAST(COALESCE(SUM(\($0)), 0) AS BIGINT)" }.joined(separator: ", ")
    }

    static func values(_ sums: UsageSums) -> [SQLValue] {
        [
            .integer(sums.spend.value), SQLValue(sums.promptTokens), SQLValue(sums.completionTokens),
            SQLValue(sums.cacheReadTokens), SQLValue(sums.cacheWriteTokens), SQLValue(sums.calls),
            SQLValue(sums.failures), SQLValue(sums.unpriced), SQLValue(sums.cacheHits),
        ]
    }

    /// Reads the columns from `first` on.
    static func read(_ row: any SQLRow, from first: Int) -> UsageSums {
        var sums = UsageSums()
        sums.spend = NanoDollars(row.integer(first))
        sums.promptTokens = row.count(first + 1)
        sums.completionTokens = row.count(first + 2)
        sums.cacheReadTokens = row.count(first + 3)
        sums.cacheWriteTokens = row.count(first + 4)
        sums.calls = row.count(first + 5)
        sums.failures = row.count(first + 6)
        sums.unpriced = row.count(first + 7)
        sums.cacheHits = row.count(first + 8)
        return sums
    }

    /// Adds rows to a table of sums whose key is `key`.
    static func addition(to table: String, key: [SQLInsert.Column]) -> SQLInsert {
        let added = Self.names.map { "\($0) = \(table).\($0) + excluded.\($0)" }.joined(separator: ", ")
        return SQLInsert(
            table: table,
            columns: key + Self.names.map { SQLInsert.Column($0, .integer) },
            onConflict: "ON CONFLICT (\(key.map(\.name).joined(separator: ", "))) DO UPDATE SET \(added)"
        )
    }
}

extension UsageSums {
    /// Adds a record, which must be bounded.
    mutating func add(_ record: CallRecord) {
        self.calls += 1
        if let total = record.cost.total {
            self.spend = self.spend + total
        } else {
            self.unpriced += 1
        }
        self.promptTokens += record.usage.prompt
        self.completionTokens += record.usage.completion
        self.cacheReadTokens += record.usage.cacheRead
        self.cacheWriteTokens += record.usage.cacheWrite
        if record.outcome == .failure || record.outcome == .refused { self.failures += 1 }
        if record.isCacheHit { self.cacheHits += 1 }
    }

    mutating func add(_ other: UsageSums) {
        self.spend = self.spend + other.spend
        self.promptTokens += other.promptTokens
        self.completionTokens += other.completionTokens
        self.cacheReadTokens += other.cacheReadTokens
        self.cacheWriteTokens += other.cacheWriteTokens
        self.calls += other.calls
        self.failures += other.failures
        self.unpriced += other.unpriced
        self.cacheHits += other.cacheHits
    }
}
