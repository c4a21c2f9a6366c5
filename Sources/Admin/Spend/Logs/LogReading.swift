import Domain
import WireFormats

/// Shows single calls, and sums of them by day.
struct LogReading: Sendable {
    let desk: Desk

    /// The most calls that one answer is made of, where it is not a page.
    static let most = 50_000

    /// `/spend/logs`: sums by day where dates are given, else an array of calls.
    func plain(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(LogFilter.plain, LogFilter())
        let query = try await self.query(filter, call)
        if filter.format == .csv { return try await self.table(query) }
        if filter.dates.isSaid, filter.isSummary != false, filter.requestID == nil {
            return Answer.json(.array(try await self.summary(query)))
        }
        let (calls, _, _) = try await self.page(filter, query)
        return Answer.json(.array(calls.items.map { .object(LogRow.write($0)) }))
    }

    /// `/spend/logs/v2` and `/spend/logs/ui`.
    func pages(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(LogFilter.pages, LogFilter())
        let query = try await self.query(filter, call)
        if filter.format == .csv { return try await self.table(query) }
        let (page, number, size) = try await self.page(filter, query)
        return Answer.json(
            [
                "data": .array(page.items.map { .object(LogRow.write($0)) }), "total": .integer(page.total),
                "page": .integer(number), "page_size": .integer(size),
                "total_pages": .integer(PageRequest.pages(page.total, size)),
            ] as JSONValue
        )
    }

    private func query(_ filter: LogFilter, _ call: ManagementCall) async throws(GatewayError) -> CallQuery {
        var query = try filter.query()
        try await SpendScope(self.desk, call).narrow(&query)
        return query
    }

    private func page(
        _ filter: LogFilter,
        _ query: CallQuery
    ) async throws(GatewayError) -> (page: Page<CallRecord>, number: Int, size: Int) {
        let paging = try Paging(filter.page, filter.size, usualSize: 50, self.desk.settings)
        var query = query
        query.page = paging.page
        query.size = paging.size
        return (try await self.desk.calls(query), paging.page, paging.size)
    }

    private func table(_ query: CallQuery) async throws(GatewayError) -> Answer {
        var table = CSVText(header: LogRow.columns)
        try await self.desk.eachCall(query, atMost: Self.most) { table.append(LogRow.cells($0)) }
        return table.answer("spend-logs.csv")
    }

    // By day

    private func summary(_ query: CallQuery) async throws(GatewayError) -> [JSONValue] {
        var days: [CivilDate: DaySummary] = [:]
        // Sums answer for everybody and whole hours; a part of the calls is added up one by one.
        if query.isNarrowed || !query.isWholeHours {
            try await self.desk.eachCall(query, atMost: Self.most) { call in
                days[CivilDate(call.finishedAt), default: DaySummary()].add(call)
            }
        } else {
            try await self.addSums(query, to: &days)
        }
        return days.sorted { $0.key.dayNumber < $1.key.dayNumber }.map { .object($0.value.row($0.key)) }
    }

    private func addSums(_ query: CallQuery, to days: inout [CivilDate: DaySummary]) async throws(GatewayError) {
        func rows(_ kind: SubjectKind, _ groups: Set<UsageQuery.Group>) async throws(GatewayError) -> [UsageRow] {
            var usage = UsageQuery(kind, groups: groups)
            usage.from = query.from
            usage.to = query.to
            return try await self.desk.usage(usage)
        }
        for row in try await rows(.global, [.day, .model]) {
            guard let day = row.day else { continue }
            days[day, default: DaySummary()].addModel(row.model, row.sums.spend)
        }
        for row in try await rows(.key, [.day, .subject]) {
            guard let day = row.day, let key = row.subject else { continue }
            days[day, default: DaySummary()].keys[key] = row.sums.spend
        }
        for row in try await rows(.user, [.day, .subject]) {
            guard let day = row.day, let user = row.subject else { continue }
            days[day, default: DaySummary()].users[user] = row.sums.spend
        }
    }
}

extension CallQuery {
    /// Whether sums that are kept by the hour are exact for it.
    fileprivate var isWholeHours: Bool {
        (self.from?.milliseconds ?? 0) % 3_600_000 == 0 && (self.to?.milliseconds ?? 0) % 3_600_000 == 0
    }
}

/// What was spent on one day, by key, user and model.
private struct DaySummary {
    var spend = NanoDollars.zero
    var keys: [String: NanoDollars] = [:]
    var users: [String: NanoDollars] = [:]
    var models: [String: NanoDollars] = [:]

    mutating func add(_ call: CallRecord) {
        let cost = call.cost.total ?? .zero
        self.addModel(call.modelGroup, cost)
        if let key = call.caller.key?.hex { self.keys[key] = (self.keys[key] ?? .zero) + cost }
        if let user = call.caller.userID { self.users[user] = (self.users[user] ?? .zero) + cost }
    }

    mutating func addModel(_ model: String?, _ cost: NanoDollars) {
        self.spend = self.spend + cost
        guard let model, !model.isEmpty else { return }
        self.models[model] = (self.models[model] ?? .zero) + cost
    }

    /// In LiteLLM's shape: the keys' hashes stand beside the other members.
    func row(_ day: CivilDate) -> JSONObject {
        var row = JSONObject(self.keys.sorted { $0.key < $1.key }.map { ($0.key, .money($0.value)) })
        row.append("startTime", .text(day.description))
        row.append("spend", .money(self.spend))
        row.append("users", .map(self.users) { .money($0) })
        row.append("models", .map(self.models) { .money($0) })
        return row
    }
}

extension Desk {
    /// Hands every call that `query` matches to `body`, whatever its page says.
    ///
    /// - Throws: `badRequest` when there are more than `most`.
    func eachCall(
        _ query: CallQuery,
        atMost most: Int,
        _ body: (CallRecord) -> Void
    ) async throws(GatewayError) {
        var query = query
        query.page = 1
        query.size = 1000
        // What is booked meanwhile would move the pages.
        query.to = query.to ?? self.clock.now
        var seen = 0
        while true {
            let page = try await self.calls(query)
            guard page.total <= most else {
                throw .invalid(
                    "\(page.total) calls match, and one answer holds at most \(most): narrow the dates.",
                    param: "start_date"
                )
            }
            for call in page.items { body(call) }
            seen += page.items.count
            guard page.items.count == query.size, seen < most else { return }
            query.page += 1
        }
    }
}
