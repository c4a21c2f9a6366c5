import Domain

/// The failures LiteLLM's `mock_response` can ask for by name.
enum MockFailure {
    static func raise(_ text: String) throws(GatewayError) {
        switch text {
        case "litellm.RateLimitError":
            throw GatewayError(
                .rateLimited,
                "mock_response: this is a mock rate limit error",
                code: "rate_limit_exceeded"
            )
        case "litellm.ContextWindowExceededError":
            throw GatewayError(
                .badRequest,
                "mock_response: this is a mock context window exceeded error",
                code: "context_length_exceeded"
            )
        case "litellm.InternalServerError":
            throw GatewayError(.upstream, "mock_response: this is a mock internal server error", status: 500)
        default:
            guard text.hasPrefix("Exception: content_filter_policy") else { return }
            throw GatewayError(
                .badRequest,
                "mock_response: this is a mock content policy violation",
                code: "content_policy_violation"
            )
        }
    }
}
