import Domain
import WireFormats

/// A call in LiteLLM's shape.
enum LogRow {
    static func write(_ call: CallRecord) -> JSONObject {
        let caller = call.caller
        var row = JSONObject(capacity: 40)
        row.append("request_id", .text(call.callID))
        row.append("call_type", .text(self.callType(call.operation)))
        row.append("api_key", .text(caller.key?.hex ?? ""))
        row.append("spend", .money(call.cost.total ?? .zero))
        row.append("total_tokens", .integer(call.usage.total))
        row.append("prompt_tokens", .integer(call.usage.prompt))
        row.append("completion_tokens", .integer(call.usage.completion))
        row.append("startTime", .time(call.startedAt))
        row.append("endTime", .time(call.finishedAt))
        row.append("completionStartTime", .time(call.firstByteAt))
        row.append("request_duration_ms", .integer(Int(call.finishedAt.milliseconds - call.startedAt.milliseconds)))
        row.append("model", .text(call.upstreamModel ?? call.requestedModel))
        row.append("model_id", .optional(call.deploymentID))
        row.append("model_group", .optional(call.modelGroup))
        row.append("custom_llm_provider", .optional(call.provider))
        row.append("api_base", .optional(call.apiBase))
        row.append("user", .text(caller.userID ?? ""))
        row.append("team_id", .optional(caller.teamID))
        row.append("organization_id", .optional(caller.organizationID))
        row.append("end_user", .optional(caller.endUserID))
        row.append("request_tags", .texts(caller.tags))
        row.append("requester_ip_address", .optional(caller.address))
        row.append("session_id", .optional(caller.sessionID))
        row.append("cache_hit", call.isCacheHit ? "True" : "None")
        row.append("status", .text(call.outcome.rawValue))
        row.append("litellm_call_id", .text(call.callID))
        row.append("id", .text(call.id))
        row.append("metadata", .object(self.metadata(call)))
        for name in ["messages", "response", "proxy_server_request"] { row.append(name, .object(JSONObject())) }
        return row
    }

    private static func metadata(_ call: CallRecord) -> JSONObject {
        var metadata = JSONObject([
            ("user_api_key_alias", .optional(call.caller.keyAlias)), ("requested_model", .text(call.requestedModel)),
            ("stream", .bool(call.isStream)), ("http_status", .integer(call.status)),
            ("attempted_retries", .integer(max(0, call.attempts - 1))),
            ("usage_object", .object(self.usage(call.usage))), ("cost_breakdown", .object(self.cost(call.cost))),
        ])
        if call.errorCode != nil || call.errorMessage != nil {
            metadata.append(
                "error_information",
                [
                    "error_code": .text(String(call.status)), "error_class": .optional(call.errorCode),
                    "error_message": .optional(call.errorMessage), "llm_provider": .optional(call.provider),
                ]
            )
        }
        return metadata
    }

    private static func usage(_ usage: TokenUsage) -> JSONObject {
        JSONObject([
            ("prompt_tokens", .integer(usage.prompt)), ("completion_tokens", .integer(usage.completion)),
            ("total_tokens", .integer(usage.total)),
            (
                "prompt_tokens_details",
                ["cached_tokens": .integer(usage.cacheRead), "cache_creation_tokens": .integer(usage.cacheWrite)]
            ),
            ("completion_tokens_details", ["reasoning_tokens": .integer(usage.reasoning)]),
            ("estimated", .bool(usage.isEstimate)),
        ])
    }

    private static func cost(_ cost: CallCost) -> JSONObject {
        JSONObject([
            // Null where no price is known: not the same as free.
            ("total_cost", .money(cost.total)), ("input_cost", .money(cost.input)),
            ("cache_read_cost", .money(cost.cacheRead)), ("cache_creation_cost", .money(cost.cacheWrite)),
            ("output_cost", .money(cost.output)), ("reasoning_cost", .money(cost.reasoning)),
            ("media_cost", .money(cost.media)), ("tool_usage_cost", .money(cost.extras)),
            ("estimated", .bool(cost.isEstimate)), ("price_source", .optional(cost.source)),
        ])
    }

    /// LiteLLM's names.
    private static func callType(_ operation: Operation) -> String {
        switch operation {
        case .chatCompletions: "acompletion"
        case .completions: "atext_completion"
        case .embeddings: "aembedding"
        }
    }

    // As a table

    static let columns = [
        "request_id", "startTime", "endTime", "status", "http_status", "call_type", "model_group", "model",
        "custom_llm_provider", "api_key", "key_alias", "user", "team_id", "organization_id", "end_user", "request_tags",
        "prompt_tokens", "completion_tokens", "total_tokens", "spend", "cache_hit", "error_code", "error_message",
    ]

    static func cells(_ call: CallRecord) -> [CSVText.Cell] {
        let caller = call.caller
        return [
            .text(call.callID), .text(call.startedAt.description), .text(call.finishedAt.description),
            .text(call.outcome.rawValue), .number(call.status), .text(self.callType(call.operation)),
            .optional(call.modelGroup), .text(call.upstreamModel ?? call.requestedModel), .optional(call.provider),
            .optional(caller.key?.hex), .optional(caller.keyAlias), .optional(caller.userID), .optional(caller.teamID),
            .optional(caller.organizationID), .optional(caller.endUserID), .text(caller.tags.joined(separator: " ")),
            .number(call.usage.prompt), .number(call.usage.completion), .number(call.usage.total),
            // An unknown price is an empty cell, not a zero.
            call.cost.total.map { .number($0.description) } ?? "", .text(call.isCacheHit ? "true" : "false"),
            .optional(call.errorCode), .optional(call.errorMessage),
        ]
    }
}
