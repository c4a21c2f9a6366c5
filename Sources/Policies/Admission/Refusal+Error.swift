package import Domain

extension Refusal {
    /// The error that the client reads, in LiteLLM's words (litellm.md, sections 6.4 and 7.3).
    ///
    /// - Parameter budgetStatus: `budget_exceeded_status_code`; LiteLLM's default is 422.
    package func error(budgetStatus: Int = 422) -> GatewayError {
        GatewayError(.rateLimited, "", code: "rate_limit_exceeded")
    }
}
