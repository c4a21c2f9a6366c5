import Domain

/// Anthropic's failures: `{"type":"error","error":{"type","message"}}`, with types that name the status.
///
/// Source: Anthropic API reference, "Errors". 529 (overloaded) becomes 503; what is too long or was filtered is told by
/// its words, as for all vendors.
enum AnthropicErrors {
    static let name = "Anthropic"
    static let failure = UpstreamFailure(provider: AnthropicErrors.name)

    static func unsupported(_ parameter: String, detail: String = "") -> GatewayError {
        UnsupportedParameter.error(parameter, provider: self.name, detail: detail)
    }

    static func badRequest(_ message: String, param: String = "messages") -> GatewayError {
        GatewayError(.badRequest, message, param: param)
    }
}
