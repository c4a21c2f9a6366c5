import Domain
import WireFormats

/// What was counted on one day.
struct DailyActivity: Sendable {
    var sums = UsageSums()
    var models: [String: UsageSums] = [:]
    var entities: [String: UsageSums] = [:]
}

/// Daily activity in LiteLLM's shape.
struct DailyRow: Sendable {
    let kind: DailyKind
    /// What is known of entities beside their ids: aliases.
    var facts: [String: JSONValue] = [:]

    func write(_ day: CivilDate, _ activity: DailyActivity) -> JSONValue {
        let entities = JSONValue.map(activity.entities.mapped(self.entry)) { $0 }
        let models = JSONValue.map(activity.models) { ["metrics": .object(Self.metrics($0)), "metadata": [:]] }
        let isKey = self.kind == .key
        return [
            "date": .text(day.description), "metrics": .object(Self.metrics(activity.sums)),
            "breakdown": [
                "models": models, "model_groups": models, "api_keys": isKey ? entities : [:],
                "entities": entities, "providers": [:], "endpoints": [:], "mcp_servers": [:],
            ],
        ]
    }

    private func entry(_ id: String, _ sums: UsageSums) -> JSONValue {
        ["metrics": .object(Self.metrics(sums)), "metadata": self.facts[id] ?? [:]]
    }

    static func metrics(_ sums: UsageSums) -> JSONObject {
        JSONObject([
            ("spend", .money(sums.spend)), ("prompt_tokens", .integer(sums.promptTokens)),
            ("completion_tokens", .integer(sums.completionTokens)),
            ("cache_read_input_tokens", .integer(sums.cacheReadTokens)),
            ("cache_creation_input_tokens", .integer(sums.cacheWriteTokens)), ("total_tokens", .integer(sums.tokens)),
            ("successful_requests", .integer(sums.calls - sums.failures)), ("failed_requests", .integer(sums.failures)),
            ("api_requests", .integer(sums.calls)), ("unpriced_requests", .integer(sums.unpriced)),
            ("cache_hits", .integer(sums.cacheHits)),
        ])
    }

    static func totals(_ sums: UsageSums) -> JSONObject {
        JSONObject([
            ("total_spend", .money(sums.spend)), ("total_prompt_tokens", .integer(sums.promptTokens)),
            ("total_completion_tokens", .integer(sums.completionTokens)), ("total_tokens", .integer(sums.tokens)),
            ("total_api_requests", .integer(sums.calls)),
            ("total_successful_requests", .integer(sums.calls - sums.failures)),
            ("total_failed_requests", .integer(sums.failures)),
            ("total_cache_read_input_tokens", .integer(sums.cacheReadTokens)),
            ("total_cache_creation_input_tokens", .integer(sums.cacheWriteTokens)),
        ])
    }

    // As a table

    static let columns = [
        "date", "entity", "model", "spend", "prompt_tokens", "completion_tokens", "cache_read_input_tokens",
        "cache_creation_input_tokens", "api_requests", "successful_requests", "failed_requests",
    ]

    static func cells(_ day: CivilDate, _ entity: String, _ model: String, _ sums: UsageSums) -> [CSVText.Cell] {
        [
            .text(day.description), .text(entity), .text(model), .number(sums.spend.description),
            .number(sums.promptTokens), .number(sums.completionTokens), .number(sums.cacheReadTokens),
            .number(sums.cacheWriteTokens), .number(sums.calls), .number(sums.calls - sums.failures),
            .number(sums.failures),
        ]
    }
}

extension Dictionary where Key == String {
    fileprivate func mapped<Result>(_ body: (String, Value) -> Result) -> [String: Result] {
        Dictionary<String, Result>(uniqueKeysWithValues: self.map { ($0.key, body($0.key, $0.value)) })
    }
}
