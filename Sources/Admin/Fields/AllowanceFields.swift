import Domain
import WireFormats

/// The fields by which anybody's budget and limits are set: the same for keys, people, teams and all others.
///
/// Null takes a limit away, 0 allows nothing, and an absent field leaves things as they are.
enum AllowanceFields {
    static func within<Target: Sendable>(_ path: any WritableKeyPath<Target, Allowance> & Sendable) -> [Field<Target>] {
        (self.basic + self.byModel).map { $0.within(path) }
    }

    static let basic: [Field<Allowance>] = [
        .money("max_budget", \.maxBudget, "What may be spent, in US dollars; 0 allows nothing, null is no limit."),
        .money("soft_budget", \.softBudget, "Passing it warns, and refuses nothing."),
        .period("budget_duration", \.budgetPeriod, "How often the budget starts anew; null is never."),
        .count("rpm_limit", \.rpm, "Requests a minute."),
        .count("tpm_limit", \.tpm, "Tokens a minute."),
        .count("max_parallel_requests", \.maxParallel, "Requests at the same time."),
    ]

    static let byModel: [Field<Allowance>] = [
        Field("model_max_budget", .map(of: AllowanceFields.modelBudget), "Budgets by model group.") {
            (allowance, value) throws(FieldProblem) in
            let budgets =
                value.isNull
                ? [:]
                : try FieldValue.map(value, of: AllowanceFields.modelBudget) { (element) throws(FieldProblem) in
                    try ModelBudget(element)
                }
            allowance.setModels(budgets) { model, budget in
                model.maxBudget = budget?.maxBudget
                model.budgetPeriod = budget?.period
                if let rpm = budget?.rpm { model.rpm = rpm }
                if let tpm = budget?.tpm { model.tpm = tpm }
            }
        },
        Field("model_rpm_limit", .countMap, "Requests a minute by model group.") {
            (allowance, value) throws(FieldProblem) in
            allowance.setModels(try AllowanceFields.counts(value)) { $0.rpm = $1 }
        },
        Field("model_tpm_limit", .countMap, "Tokens a minute by model group.") {
            (allowance, value) throws(FieldProblem) in
            allowance.setModels(try AllowanceFields.counts(value)) { $0.tpm = $1 }
        },
        Field("budget_limits", .list(of: AllowanceFields.window), "Further budgets that hold at the same time.") {
            (allowance, value) throws(FieldProblem) in
            let windows =
                value.isNull
                ? []
                : try FieldValue.list(value, of: AllowanceFields.window) { (element) throws(FieldProblem) in
                    try AllowanceFields.windowBudget(element)
                }
            allowance.windows = windows.isEmpty ? nil : windows
        },
    ]

    private static let modelBudget = FieldType.either(
        .money,
        .record([
            FieldDescription("budget_limit", .money, "What may be spent on the model."),
            FieldDescription("time_period", .period, "How often that starts anew."),
            FieldDescription("rpm_limit", .count, "Requests a minute."),
            FieldDescription("tpm_limit", .count, "Tokens a minute."),
        ])
    )

    private static let window = FieldType.record([
        FieldDescription("budget_duration", .period, "How often the budget starts anew."),
        FieldDescription("max_budget", .money, "What may be spent in that time."),
    ])

    private static func counts(_ value: JSONValue) throws(FieldProblem) -> [String: Int] {
        if value.isNull { return [:] }
        return try FieldValue.map(value, of: .count) { (element) throws(FieldProblem) in try FieldValue.count(element) }
    }

    private static func windowBudget(_ value: JSONValue) throws(FieldProblem) -> WindowBudget {
        guard let object = value.object else { throw .expected(AllowanceFields.window, value) }
        for member in object.members where !["budget_duration", "max_budget", "reset_at"].contains(member.key) {
            throw FieldProblem("unknown member '\(FieldValue.shown(member.key))'")
        }
        guard let amount = object["max_budget"], let period = object["budget_duration"] else {
            throw FieldProblem("expected \(AllowanceFields.window.expectation)")
        }
        return WindowBudget(maxBudget: try FieldValue.money(amount), budgetPeriod: try FieldValue.period(period))
    }
}

/// One entry of `model_max_budget`: an amount, or an object with LiteLLM's names.
private struct ModelBudget: Sendable {
    var maxBudget: NanoDollars?
    var period: BudgetPeriod?
    var rpm: Int?
    var tpm: Int?

    init(_ value: JSONValue) throws(FieldProblem) {
        guard let object = value.object else {
            self.maxBudget = try FieldValue.money(value)
            return
        }
        for member in object.members where !member.value.isNull {
            switch member.key {
            case "budget_limit", "max_budget": self.maxBudget = try FieldValue.money(member.value)
            case "time_period", "budget_duration": self.period = try FieldValue.period(member.value)
            case "rpm_limit": self.rpm = try FieldValue.count(member.value)
            case "tpm_limit": self.tpm = try FieldValue.count(member.value)
            default: throw FieldProblem("unknown member '\(FieldValue.shown(member.key))'")
            }
        }
    }
}

extension Allowance {
    /// Sets one side of the limits by model; models that `values` does not name lose it.
    fileprivate mutating func setModels<Value>(
        _ values: [String: Value],
        _ set: (inout ModelAllowance, Value?) -> Void
    ) {
        var models = self.models ?? [:]
        for name in Set(models.keys).union(values.keys) {
            var model = models[name] ?? ModelAllowance()
            set(&model, values[name])
            models[name] = model == ModelAllowance() ? nil : model
        }
        self.models = models.isEmpty ? nil : models
    }
}
