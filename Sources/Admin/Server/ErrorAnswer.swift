import Domain
import WireFormats

/// Renders errors in OpenAI's shape: `{"error":{"message","type","param","code"}}`, the code being the status where there
/// is no other, as LiteLLM's management answers have it.
enum ErrorAnswer {
    static func answer(_ error: GatewayError) -> Answer {
        let body = JSONObject([
            ("message", .text(error.message)), ("type", .text(error.type)), ("param", .optional(error.param)),
            ("code", .text(error.code ?? String(error.status))),
        ])
        var answer = Answer.json(JSONObject([("error", .object(body))]), status: error.status)
        if let milliseconds = error.retryAfterMilliseconds {
            answer.headers.append(("retry-after", String(max(1, (milliseconds + 999) / 1000))))
        }
        return answer
    }
}

/// LiteLLM's words for what management refuses.
extension GatewayError {
    /// 400 with LiteLLM's type.
    static func invalid(_ message: String, param: String? = nil) -> GatewayError {
        GatewayError(.badRequest, message, type: "bad_request_error", param: param)
    }

    /// 404 with LiteLLM's type.
    static func missing(_ message: String, param: String? = nil) -> GatewayError {
        GatewayError(.notFound, message, type: "not_found_error", param: param)
    }

    /// 409.
    static func conflict(_ message: String, param: String? = nil) -> GatewayError {
        GatewayError(.badRequest, message, status: 409, type: "bad_request_error", param: param)
    }

    /// 403 for somebody who is known and may not.
    static func forbidden(_ message: String, param: String? = nil) -> GatewayError {
        GatewayError(.permission, message, param: param)
    }

    static func store(_ error: StoreError) -> GatewayError {
        switch error.kind {
        case .unavailable:
            GatewayError(
                .unavailable,
                "The database does not answer. Nothing was changed; try again.",
                type: "no_db_connection",
                retryAfterMilliseconds: 2000
            )
        case .conflict:
            .conflict("The record was changed by somebody else at the same time. Nothing was changed; try again.")
        case .duplicate: .conflict("A record with this id or alias exists already.")
        case .inUse: .conflict("Another record still refers to this one.")
        case .corrupt: GatewayError(.internalError, "What is stored cannot be read; the log says more.")
        case .refused: GatewayError(.internalError, "The database refused the change; the log says more.")
        }
    }
}
