import Domain
import WireFormats

/// What questions about sums may say.
struct SumFilter: Sendable {
    var dates = DateRange()
    var apiKey: String?
    var userID: String?
    var limit: Int?
    var tags: [String] = []

    static let limit: Field<SumFilter> = .count("limit", \.limit, "How many at most, from 1 to 1000; usually 100.")
    static let days: [Field<SumFilter>] = DateRange.days(\SumFilter.dates)
    static let apiKey: Field<SumFilter> = .text("api_key", \.apiKey, "The spend of this key, by itself or its hash.")
    static let userID: Field<SumFilter> = .text("user_id", \.userID, "The spend of this user.")

    /// - Throws: `badRequest` for limits that are none, and for dates that end before they begin.
    func query(_ kind: SubjectKind, _ groups: Set<UsageQuery.Group>) throws(GatewayError) -> UsageQuery {
        try self.dates.check()
        var query = UsageQuery(kind, groups: groups)
        query.from = self.dates.from
        query.to = self.dates.to
        return query
    }

    /// - Throws: `badRequest` for limits that are none.
    func most() throws(GatewayError) -> Int {
        let limit = self.limit ?? 100
        guard (1...1000).contains(limit) else { throw .invalid("'limit': must be from 1 to 1000", param: "limit") }
        return limit
    }
}

extension UsageSums {
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

    var tokens: Int { self.promptTokens + self.completionTokens }
}
