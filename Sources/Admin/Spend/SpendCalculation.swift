import Domain
import NIOCore
import WireFormats

/// `/spend/calculate`: what a call would cost, or what an answer has cost, by the prices in force.
struct SpendCalculation: Sendable {
    let desk: Desk

    struct Request: Sendable {
        var model: String?
        var messages: JSONValue?
        var response: JSONObject?
    }

    static let fields = FieldTable<Request>([
        .name("model", \.model, "The model group; for a whole answer, its own 'model' unless this is given."),
        Field("messages", .list(of: .object), "What is to be sent: its input alone is priced, erring high.") {
            (request, value) throws(FieldProblem) in
            if value.isNull { return }
            guard value.array != nil else { throw .expected(.list(of: .object), value) }
            request.messages = value
        },
        Field("completion_response", .object, "An answer with 'model' and 'usage', as OpenAI has them.") {
            (request, value) throws(FieldProblem) in
            if value.isNull { return }
            guard let object = value.object else { throw .expected(.object, value) }
            request.response = object
        },
    ])

    func calculate(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.fields, Request())
        guard let model = request.model ?? request.response?["model"]?.string else {
            throw .invalid("'model': is required, by itself or in 'completion_response'", param: "model")
        }
        let usage = try self.usage(request)
        guard let state = self.desk.state else {
            throw GatewayError(.unavailable, "Prices are known to the running gateway only.")
        }
        let rights = try await ModelRights(self.desk, call)
        guard rights.allows(model), let total = state.price(model: model, usage: usage)?.total else {
            throw .invalid(
                "No price is known for model '\(FieldValue.shown(model))'. GET /v1/models lists the models on offer.",
                param: "model"
            )
        }
        return Answer.json(["cost": .money(total)] as JSONValue)
    }

    private func usage(_ request: Request) throws(GatewayError) -> TokenUsage {
        if let response = request.response { return try Self.usage(of: response) }
        guard let messages = request.messages else {
            throw .invalid("Give 'messages' or 'completion_response'.", param: "messages")
        }
        return TokenUsage(prompt: self.desk.state?.estimateInput(messages.serialized) ?? 0, isEstimate: true)
    }

    private static func usage(of response: JSONObject) throws(GatewayError) -> TokenUsage {
        guard let usage = response["usage"]?.object else {
            throw .invalid("'completion_response': has no 'usage'", param: "completion_response")
        }
        func count(_ value: JSONValue?) throws(GatewayError) -> Int {
            guard let value, !value.isNull else { return 0 }
            guard let count = value.integer, (0...1_000_000_000).contains(count) else {
                throw .invalid(
                    "'completion_response': 'usage' holds a count that is none",
                    param: "completion_response"
                )
            }
            return count
        }
        let input = usage["prompt_tokens_details"]
        let output = usage["completion_tokens_details"]
        return TokenUsage(
            prompt: try count(usage["prompt_tokens"]),
            completion: try count(usage["completion_tokens"]),
            cacheRead: try count(input?["cached_tokens"]),
            cacheWrite: try count(input?["cache_creation_tokens"]),
            reasoning: try count(output?["reasoning_tokens"]),
            audioInput: try count(input?["audio_tokens"]),
            audioOutput: try count(output?["audio_tokens"])
        )
    }
}
