import Domain
import WireFormats

/// How budgets and limits stand in answers, by LiteLLM's names.
enum AllowanceRow {
    /// `time`: for the time of the next reset; nil leaves it out, for rows that must not change by themselves.
    static func write(_ allowance: Allowance, at time: WallTime?, into row: inout JSONObject) {
        row.append("max_budget", .money(allowance.maxBudget))
        row.append("soft_budget", .money(allowance.softBudget))
        row.append("budget_duration", .optional(allowance.budgetPeriod?.description))
        if let time { row.append("budget_reset_at", self.resetAt(allowance, time)) }
        row.append("rpm_limit", .optional(allowance.rpm))
        row.append("tpm_limit", .optional(allowance.tpm))
        row.append("max_parallel_requests", .optional(allowance.maxParallel))
        let models = allowance.models ?? [:]
        row.append("model_max_budget", .map(models.filter { $0.value.maxBudget != nil }) { self.modelBudget($0) })
        row.append("model_rpm_limit", self.counts(models.compactMapValues(\.rpm)))
        row.append("model_tpm_limit", self.counts(models.compactMapValues(\.tpm)))
        row.append("budget_limits", allowance.windows.map { self.windows($0, time) } ?? .null)
    }

    static func resetAt(_ allowance: Allowance, _ time: WallTime) -> JSONValue {
        .time(allowance.budgetPeriod?.window(at: time).end)
    }

    private static func modelBudget(_ model: ModelAllowance) -> JSONValue {
        [
            "budget_limit": .money(model.maxBudget),
            "time_period": .optional(model.budgetPeriod?.description),
        ]
    }

    private static func counts(_ counts: [String: Int]) -> JSONValue {
        counts.isEmpty ? .null : .map(counts) { .integer($0) }
    }

    private static func windows(_ windows: [WindowBudget], _ time: WallTime?) -> JSONValue {
        .array(
            windows.map { window in
                var row = JSONObject([
                    ("budget_duration", .text(window.budgetPeriod.description)),
                    ("max_budget", .money(window.maxBudget)),
                ])
                if let time { row.append("reset_at", .time(window.budgetPeriod.window(at: time).end)) }
                return .object(row)
            }
        )
    }
}

extension RecordStamp {
    func write(into row: inout JSONObject) {
        row.append("created_at", .time(self.createdAt))
        row.append("created_by", .optional(self.createdBy))
        row.append("updated_at", .time(self.updatedAt))
        row.append("updated_by", .optional(self.updatedBy))
    }
}
