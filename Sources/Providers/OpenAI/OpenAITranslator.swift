package import Domain
package import NIOCore
import WireFormats

/// Passes calls on to a server that speaks OpenAI's format.
///
/// Nothing is decoded: the request is the client's own text with the model's name replaced and what the server cannot
/// take cut out, the answer is the server's own text with the name the client asked for. All other bytes, their order
/// and the spelling of numbers arrive as they were sent.
package struct OpenAITranslator: CallTranslator {
    let operation: Operation
    let format: OpenAIFormat

    init(operation: Operation, format: OpenAIFormat) {
        self.operation = operation
        self.format = format
    }

    package func request(
        _ call: ModelCall,
        model: String,
        deployment: Deployment
    ) throws(GatewayError) -> TranslatedRequest {
        let writer = OpenAIRequestWriter(call: call, model: model, deployment: deployment, format: self.format)
        return TranslatedRequest(body: try writer.body())
    }

    package func answer(
        _ body: ByteBuffer,
        to call: ModelCall,
        context: TranslationContext
    ) throws(GatewayError) -> TranslatedAnswer {
        try OpenAIAnswer(call: call, format: self.format).translate(body)
    }

    package func streamDecoder(for call: ModelCall, context: TranslationContext) -> any StreamDecoder {
        let decoder = OpenAIStreamDecoder(call: call, format: self.format)
        guard self.format.repairs.concernsChoices || self.format.repairs.readsGroqUsage else { return decoder }
        return RepairingStreamDecoder(inner: decoder, call: call, repairs: self.format.repairs)
    }

    package func failure(status: Int, headers: any HeaderLookup, body: ByteBuffer) -> GatewayError {
        UpstreamFailure(provider: self.format.displayName).error(status: status, headers: headers, body: body)
    }
}
