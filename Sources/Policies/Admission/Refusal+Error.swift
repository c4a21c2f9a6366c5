package import Domain

extension Refusal {
    /// The error that the client reads, in LiteLLM's words (litellm.md, sections 6.4 and 7.3), with what helps added.
    ///
    /// `budgetStatus`: `budget_exceeded_status_code`; LiteLLM's default is 422.
    package func error(budgetStatus: Int = 422) -> GatewayError {
        let wait = self.retryAfterMilliseconds.map { Int(clamping: $0) }
        switch (self.reason, self.resource) {
        case (.unavailable, _):
            return GatewayError(
                .unavailable,
                "The counters that hold the limits of \(self.whom) cannot be reached. Please try again.",
                code: "limits_unavailable",
                retryAfterMilliseconds: wait ?? 1000
            )
        case (_, .budget):
            return GatewayError(
                .quotaExceeded,
                self.budgetMessage,
                status: budgetStatus,
                type: "budget_exceeded",
                code: "budget_exceeded",
                retryAfterMilliseconds: wait
            )
        default:
            return GatewayError(
                .rateLimited,
                self.rateMessage,
                type: "throttling_error",
                code: "rate_limit_exceeded",
                retryAfterMilliseconds: wait
            )
        }
    }

    /// `api_key: production (model gpt-5)`.
    private var whom: String {
        let name = self.label.isEmpty ? self.subject.id : self.label
        let whom = name.isEmpty ? self.subject.scope : "\(self.subject.scope): \(name)"
        return self.subject.model.map { "\(whom):\($0)" } ?? whom
    }

    private var rateMessage: String {
        let type = self.resource == .parallel ? "max_parallel_requests" : self.resource.rawValue
        var message =
            "Rate limit exceeded for \(self.whom). Limit type: \(type). Current limit: \(self.limit), "
            + "Remaining: \(self.remaining)."
        if self.limit <= 0 {
            message += " Nothing is allowed."
        } else if self.reason == .neverFits {
            message += " The request needs \(self.requested), more than the whole limit, and will never fit."
        } else if self.resource == .tokens {
            message += " The request needs \(self.requested)."
        }
        if let resetAt { message += " Limit resets at: \(Self.clock(resetAt))" }
        return message
    }

    private var budgetMessage: String {
        let spent = NanoDollars(self.used)
        let limit = NanoDollars(self.limit)
        let name = self.label.isEmpty ? self.subject.id : self.label
        var message =
            switch (self.subject.kind, self.subject.model) {
            case (.key, let model?):
                "LiteLLM Virtual Key: \(name), exceeded budget for model=\(model). Current cost: \(spent), "
                    + "Max budget: \(limit)"
            case (_, let model?):
                "Budget has been exceeded! \(self.owner)=\(name), model=\(model) Current cost: \(spent), "
                    + "Max budget: \(limit)"
            case (.user, nil): "ExceededBudget: User=\(name) over budget. Spend=\(spent), Budget=\(limit)"
            case (.endUser, nil): "ExceededBudget: End User=\(name) over budget. Spend=\(spent), Budget=\(limit)"
            case (.global, nil): "Budget has been exceeded! Current cost: \(spent), Max budget: \(limit)"
            default: "Budget has been exceeded! \(self.owner)=\(name) Current cost: \(spent), Max budget: \(limit)"
            }
        message += self.period.map { " (per \($0))." } ?? "."
        switch self.reason {
        case .tooLarge:
            message +=
                " The request may cost up to \(NanoDollars(self.requested)), and \(NanoDollars(self.remaining)) "
                + "is left; a smaller max_tokens costs less."
        case .reserved:
            message +=
                " Requests under way have set aside \(NanoDollars(self.reserved)); this one may cost up to "
                + "\(NanoDollars(self.requested)). Please try again when they are done."
        default: break
        }
        if let resetAt { message += " Budget resets at: \(Self.clock(resetAt))" }
        return message
    }

    private var owner: String {
        switch self.subject.kind {
        case .key: "Key"
        case .user: "User"
        case .team: "Team"
        case .teamMember: "TeamMember"
        case .organization: "Organization"
        case .endUser: "End User"
        case .tag: "Tag"
        case .model: "Model"
        case .provider: "Provider"
        case .deployment: "Deployment"
        case .global: "Proxy"
        }
    }

    /// `2026-11-22 21:44:21 UTC`, rounded up to the second.
    private static func clock(_ time: WallTime) -> String {
        let text = WallTime(milliseconds: time.milliseconds &+ 999).description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }
}
