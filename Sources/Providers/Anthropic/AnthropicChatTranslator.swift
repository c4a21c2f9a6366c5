package import Domain
package import NIOCore
import WireFormats

/// Turns chat completions (and text completions, as one user message) into Anthropic's messages and back.
///
/// Source: Anthropic API reference, "Create a Message", "Streaming Messages", "Errors".
package struct AnthropicChatTranslator: CallTranslator {
    let operation: Operation

    package func request(
        _ call: ModelCall,
        model: String,
        deployment: Deployment
    ) throws(GatewayError) -> TranslatedRequest {
        let body: JSONValue
        do {
            body = try JSONValue(parsing: call.body)
        } catch {
            throw GatewayError(.badRequest, "The request body is not valid JSON: \(error).")
        }
        guard var fields = body.object else {
            throw GatewayError(.badRequest, "The request body is not a JSON object.")
        }
        for name in deployment.settings.droppedParameters { fields[name] = nil }
        if self.operation == .completions { try PromptBridge.bridge(&fields) }
        var request = AnthropicRequest(
            fields: fields,
            model: model,
            deployment: deployment,
            operation: self.operation
        )
        return try request.translate(isStream: call.isStream)
    }

    package func answer(
        _ body: ByteBuffer,
        to call: ModelCall,
        context: TranslationContext
    ) throws(GatewayError) -> TranslatedAnswer {
        try AnthropicAnswer(call: call, context: context).translate(body)
    }

    package func streamDecoder(for call: ModelCall, context: TranslationContext) -> any StreamDecoder {
        AnthropicStreamDecoder(call: call, context: context)
    }

    package func failure(status: Int, headers: any HeaderLookup, body: ByteBuffer) -> GatewayError {
        AnthropicErrors.failure.error(status: status, headers: headers, body: body)
    }
}

/// Turns a text completion's prompt into a conversation of one message.
enum PromptBridge {
    /// - Throws: `badRequest` for prompts that are not exactly one text.
    static func bridge(_ fields: inout JSONObject) throws(GatewayError) {
        var prompt = fields["prompt"]
        if let list = prompt?.array {
            guard list.count == 1 else {
                throw GatewayError(
                    .badRequest,
                    "This model takes one prompt a request; the list holds \(list.count). Send a request for each.",
                    param: "prompt"
                )
            }
            prompt = list.first
        }
        guard case .string(let text)? = prompt else {
            throw GatewayError(
                .badRequest,
                "This model takes its prompt as text; token ids are not supported.",
                param: "prompt"
            )
        }
        fields["prompt"] = nil
        fields["messages"] = .array([["role": "user", "content": .string(text)]])
    }
}
