import Domain
import WireFormats

/// `/global/spend/end_users`: what was spent for whom an application serves.
struct CustomerSpend: Sendable {
    let desk: Desk

    struct Request: Sendable {
        var dates = DateRange()
        var apiKey: String?
    }

    static let fields = FieldTable<Request>(
        DateRange.fields(\Request.dates, start: "startTime", end: "endTime") + [
            .text("api_key", \.apiKey, "Calls of this key alone, by itself or its hash."),
            .ignored("user_id", "Taken for LiteLLM's clients."),
        ]
    )

    func spend(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.fields, Request())
        try request.dates.check()
        var sums: [String: (spend: NanoDollars, calls: Int)] = [:]
        if let key = request.apiKey {
            // Sums are kept by customer or by key, not by both.
            var query = CallQuery()
            query.key = Desk.hash(ofKey: key)
            query.from = request.dates.from
            query.to = request.dates.to
            try await self.desk.eachCall(query, atMost: LogReading.most) { call in
                guard let id = call.caller.endUserID else { return }
                let old = sums[id] ?? (.zero, 0)
                sums[id] = (old.spend + (call.cost.total ?? .zero), old.calls + 1)
            }
        } else {
            var query = UsageQuery(.endUser, groups: [.subject])
            query.from = request.dates.from
            query.to = request.dates.to
            for row in try await self.desk.usage(query) { sums[row.subject ?? ""] = (row.sums.spend, row.sums.calls) }
        }
        let ordered = sums.sorted { ($1.value.spend, $0.key) < ($0.value.spend, $1.key) }.prefix(1000)
        let rows = ordered.map { id, sum -> JSONValue in
            ["end_user": .text(id), "total_count": .integer(sum.calls), "total_spend": .money(sum.spend)]
        }
        return Answer.json(.array(rows))
    }
}
