import Domain
import WireFormats

/// `/global/activity*`: calls and tokens by day.
struct GlobalActivity: Sendable {
    let desk: Desk

    func total(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        Answer.json(self.row(try await self.sums([.day], call)))
    }

    func models(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let groups = Dictionary(grouping: try await self.sums([.day, .model], call)) { ModelName.shown($0.model) }
        let rows = groups.sorted { $0.key < $1.key }.map { name, sums -> JSONValue in
            var row = JSONObject([("model", .text(name))])
            for member in self.row(sums).members { row.append(member.key, member.value) }
            return .object(row)
        }
        return Answer.json(.array(rows))
    }

    private func sums(_ groups: Set<UsageQuery.Group>, _ call: ManagementCall) async throws(GatewayError) -> [UsageRow]
    {
        var filter = try call.readQuery(GlobalSpend.dateFields, SumFilter())
        filter.dates = try filter.dates.orLastDays(call.now)
        return try await self.desk.usage(try filter.query(.global, groups))
    }

    private func row(_ sums: [UsageRow]) -> JSONObject {
        let days = sums.map { row -> JSONValue in
            [
                "date": .text(row.day.map { Self.short($0) } ?? ""), "api_requests": .integer(row.sums.calls),
                "total_tokens": .integer(row.sums.tokens),
            ]
        }
        return JSONObject([
            ("daily_data", .array(days)), ("sum_api_requests", .integer(sums.reduce(0) { $0 + $1.sums.calls })),
            ("sum_total_tokens", .integer(sums.reduce(0) { $0 + $1.sums.tokens })),
        ])
    }

    /// `Nov 22`, as LiteLLM's charts have days.
    private static func short(_ day: CivilDate) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(months[day.month - 1]) \(day.day < 10 ? "0" : "")\(day.day)"
    }
}
