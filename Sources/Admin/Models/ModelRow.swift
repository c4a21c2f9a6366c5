import Domain
import NIOCore
import WireFormats

/// A stored model in LiteLLM's shape, without anything secret.
enum ModelRow {
    static func write(_ model: StoredModel) -> JSONObject {
        var row = JSONObject([
            ("model_id", .text(model.id)), ("model_name", .text(model.name)),
            ("litellm_params", .stored(model.shownParameters)), ("model_info", .stored(model.info)),
            ("blocked", .bool(model.isBlocked == true)),
        ])
        model.stamp.write(into: &row)
        return row
    }

    /// The model as `/model/info` has deployments.
    static func deployment(_ model: StoredModel) -> JSONObject {
        var info = JSONValue.stored(model.info).object ?? JSONObject()
        info["id"] = .text(model.id)
        self.mark(&info, model)
        return JSONObject([
            ("model_name", .text(model.name)), ("litellm_params", .stored(model.shownParameters)),
            ("model_info", .object(info)),
        ])
    }

    /// Says of a deployment that it was added at run time, and by whom.
    static func mark(_ info: inout JSONObject, _ model: StoredModel) {
        info["db_model"] = true
        info["blocked"] = .bool(model.isBlocked == true)
        info["created_at"] = .time(model.stamp.createdAt)
        info["created_by"] = .optional(model.stamp.createdBy)
        info["updated_at"] = .time(model.stamp.updatedAt)
        info["updated_by"] = .optional(model.stamp.updatedBy)
    }

    /// What a client that read a deployment and sends it back did not mean to set.
    static let answered = [
        "db_model", "blocked", "created_at", "created_by", "updated_at", "updated_by", "key", "litellm_provider",
    ]
}

/// The parameters of a model that may be shown.
///
/// Whatever may be a credential is left out: names are allowed one by one, since every provider has secrets of its own.
enum ShownParameters {
    private static let names: Set<String> = [
        "model", "api_version", "custom_llm_provider", "region_name", "litellm_credential_name", "timeout",
        "stream_timeout", "max_retries", "num_retries", "cooldown_time", "keepalive_seconds", "drop_params",
        "additional_drop_params", "allowed_openai_params", "mock_response", "merge_reasoning_content_in_choices", "rpm",
        "tpm", "itpm", "otpm", "weight", "order", "max_parallel_requests", "tags", "max_budget", "budget_duration",
    ]

    static func of(_ parameters: JSONObject) -> JSONObject {
        var shown = JSONObject()
        for member in parameters.members {
            if self.names.contains(member.key) || self.isPrice(member) { shown.append(member.key, member.value) }
            if member.key == "api_base" || member.key == "base_url", let text = member.value.string {
                shown.append(member.key, .text(self.address(text)))
            }
        }
        return shown
    }

    private static func isPrice(_ member: JSONObject.Member) -> Bool {
        guard case .number = member.value else { return false }
        return member.key.contains("cost_per") || member.key.hasSuffix("_cost")
    }

    /// A URL without what may be secret in it: user, password, query and fragment.
    static func address(_ url: String) -> String {
        let base = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = base.firstRange(of: "://") else { return base.contains("@") ? "***" : String(base) }
        let rest = base[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(base) }
        return base[..<scheme.upperBound] + String(rest[rest.index(after: at)...])
    }
}

extension StoredModel: Auditable {
    /// Credentials are not among it, nor anything that follows from them.
    var auditRow: JSONObject { ModelRow.write(self) }
}
