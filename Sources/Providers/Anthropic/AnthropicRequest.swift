import Domain
import NIOCore
import WireFormats

/// One request on its way to Anthropic's format: the parameters, and the order in which the parts are worked out.
///
/// Source: provider-formats.md, section 2.3; Anthropic API reference, "Create a Message".
struct AnthropicRequest {
    let fields: JSONObject
    let model: String
    let deployment: Deployment
    let operation: Operation
    var names = ToolNames()
    var betas: [String] = []
    var answerTool: String?

    /// What a request without any limit may write: LiteLLM's figure.
    private static let defaultMaximumTokens = 4096

    init(fields: JSONObject, model: String, deployment: Deployment, operation: Operation) {
        self.fields = fields
        self.model = model
        self.deployment = deployment
        self.operation = operation
    }

    var capabilities: ModelCapabilities { self.deployment.capabilities }

    /// - Throws: `badRequest` for what Anthropic cannot do.
    mutating func translate(isStream: Bool) throws(GatewayError) -> TranslatedRequest {
        try AnthropicTypes.check(self.fields)
        try self.refuseUnsupported()
        var tools = AnthropicTools(request: self)
        try tools.read(names: &self.names)
        var conversation = AnthropicConversation()
        try conversation.read(self.fields["messages"], names: &self.names)
        self.betas = conversation.betas
        var output = AnthropicOutput()
        output.read(self.fields["response_format"], capabilities: self.capabilities)
        if let schema = output.toolSchema { self.answerTool = tools.addAnswerTool(schema, names: &self.names) }
        if let instruction = output.instruction { conversation.addSystem(instruction) }
        conversation.repair()
        if conversation.usesTools { tools.addStubIfEmpty() }

        var thinking = AnthropicThinking(fields: self.fields, capabilities: self.capabilities)
        thinking.fit(self.givenLimit, capabilities: self.capabilities, fallback: self.fallbackLimit)
        if conversation.lacksThinkingToContinue { thinking.turnOffBudget() }
        if thinking.isOn { tools.freeChoice() }

        var body = JSONObject()
        body.append("model", .text(self.model))
        body.append("max_tokens", .integer(thinking.limit(self.givenLimit ?? self.fallbackLimit)))
        self.writeSampling(into: &body, thinking: thinking)
        self.writeStop(into: &body)
        self.writeAccount(into: &body)
        if isStream { body.append("stream", true) }
        if let value = thinking.value { body.append("thinking", value) }
        let config = self.outputConfig(effort: thinking.effort, format: output.format)
        if !config.isEmpty { body.append("output_config", .object(config)) }
        self.writeNatives(into: &body)
        self.writeConversation(conversation, tools, into: &body)
        for member in self.deployment.settings.extraBody.members { body[member.key] = member.value }
        return TranslatedRequest(
            body: JSONValue.object(body).serialized,
            headers: self.betas.isEmpty ? [] : [(name: "anthropic-beta", value: self.betas.joined(separator: ","))],
            context: TranslationContext(answerTool: self.answerTool, renamedTools: self.names.renamed)
        )
    }

    // MARK: What is refused

    /// Parameters that change the answer and have no counterpart; hints (`seed`, penalties, `store`, ...) are left out
    /// in silence by not being read.
    private static let refused = ["n", "logprobs", "top_logprobs", "logit_bias", "modalities", "audio"]
    private static let refusedOfCompletions = ["best_of", "echo", "suffix"]

    private func refuseUnsupported() throws(GatewayError) {
        guard !self.deployment.settings.dropsUnsupported else { return }
        let names = Self.refused + (self.operation == .completions ? Self.refusedOfCompletions : [])
        for name in names where !self.deployment.settings.allowedParameters.contains(name) {
            guard let value = self.fields[name], !Self.isNeutral(value, of: name) else { continue }
            throw AnthropicErrors.unsupported(name)
        }
    }

    private static func isNeutral(_ value: JSONValue, of name: String) -> Bool {
        switch value {
        case .null, .bool(false): true
        case .number(let number): number.integer == 0 || (number.integer == 1 && (name == "n" || name == "best_of"))
        case .string(let text): text.isEmpty
        case .array(let list): name == "modalities" ? !list.contains { $0.string == "audio" } : list.isEmpty
        case .object(let object): object.isEmpty
        case .bool(true): false
        }
    }

    // MARK: Parameters

    private var givenLimit: Int? {
        (self.fields["max_completion_tokens"]?.integer ?? self.fields["max_tokens"]?.integer).map { max(1, $0) }
    }

    private var fallbackLimit: Int {
        self.capabilities.maximumOutput ?? Self.defaultMaximumTokens
    }

    /// Newest models answer 400 to sampling parameters, and thinking allows little of them.
    private func writeSampling(into body: inout JSONObject, thinking: AnthropicThinking) {
        guard self.capabilities.samplingParameters != false else { return }
        if let value = self.fields["temperature"], let number = value.double {
            // OpenAI's scale goes to 2, Anthropic's to 1.
            let fitting: JSONValue = number > 1 ? 1 : value
            if !thinking.isOn || number == 1 { body.append("temperature", fitting) }
        }
        if let value = self.fields["top_p"], let number = value.double, !thinking.isOn || number >= 0.95 {
            body.append("top_p", value)
        }
        if let value = self.fields["top_k"], value.integer != nil, !thinking.isOn { body.append("top_k", value) }
    }

    private func writeStop(into body: inout JSONObject) {
        guard let stop = self.fields["stop"] else { return }
        let texts = (stop.array ?? [stop]).filter { value in
            guard case .string(let text) = value else { return false }
            return text.text.contains { !$0.isWhitespace }
        }
        if !texts.isEmpty { body.append("stop_sequences", .array(texts)) }
    }

    private func writeAccount(into body: inout JSONObject) {
        if let user = self.fields["user"] ?? self.fields["metadata"]?["user_id"], let text = user.string,
            !text.isEmpty, !PersonalData.isLikely(text)
        {
            body.append("metadata", ["user_id": user])
        }
        switch self.fields["service_tier"]?.string {
        case "auto": body.append("service_tier", "auto")
        case "default", "standard_only": body.append("service_tier", "standard_only")
        default: break
        }
    }

    /// Anthropic's own parameters, which clients of LiteLLM send beside OpenAI's.
    private static let natives = ["container", "context_management", "mcp_servers", "cache_control", "inference_geo"]

    private func writeNatives(into body: inout JSONObject) {
        for name in Self.natives + self.deployment.settings.allowedParameters where body[name] == nil {
            if name != "messages", let value = self.fields[name], !value.isNull { body.append(name, value) }
        }
    }

    private func outputConfig(effort: JSONValue?, format: JSONValue?) -> JSONObject {
        var config = self.fields["output_config"]?.object ?? JSONObject()
        if let effort, config["effort"] == nil { config["effort"] = effort }
        if let format, config["format"] == nil { config["format"] = format }
        return config
    }

    private func writeConversation(
        _ conversation: AnthropicConversation,
        _ tools: AnthropicTools,
        into body: inout JSONObject
    ) {
        var system = conversation.system
        var messages = conversation.turns
        var tools = tools
        CacheMarks.limit(tools: &tools.tools, system: &system, turns: &messages)
        if !system.isEmpty { body.append("system", .array(system)) }
        body.append(
            "messages",
            .array(messages.map { ["role": .text($0.role.rawValue), "content": .array($0.blocks)] })
        )
        if !tools.tools.isEmpty {
            body.append("tools", .array(tools.tools))
            if let choice = tools.choice { body.append("tool_choice", .object(choice)) }
        }
    }
}

/// Whether a user's name may be passed on: Anthropic asks for an opaque one.
enum PersonalData {
    static func isLikely(_ text: String) -> Bool {
        if text.contains("@"), text.contains(".") { return true }
        let digits = text.filter { $0.isASCII && $0.isNumber }.count
        let isNumberLike = text.allSatisfy { $0.isASCII && $0.isNumber || "+-() .".contains($0) }
        return isNumberLike && digits >= 7 && (text.hasPrefix("+") || text.contains { "-() .".contains($0) })
    }
}
