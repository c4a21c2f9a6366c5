import Domain
import NIOCore
import WireFormats

/// Writes the request a server of OpenAI's format gets: the client's text with a few cuts and insertions.
struct OpenAIRequestWriter {
    let call: ModelCall
    let model: String
    let deployment: Deployment
    let format: OpenAIFormat

    private var rules: RequestRules { self.format.rules }
    private var settings: Deployment.Settings { self.deployment.settings }

    /// What becomes of one top-level member.
    enum Fate {
        case kept
        case cut
        case replaced(ByteBuffer)
        case renamed(StaticString)
    }

    /// - Throws: `GatewayError` of kind `badRequest` when the client wants what the vendor cannot do.
    func body() throws(GatewayError) -> ByteBuffer {
        let bytes = self.call.body.readableBytesUInt8Span
        var splice = JSONSplice()
        var gone: [Int] = []
        for (index, member) in self.call.members.items.enumerated() {
            switch try self.fate(of: member, in: bytes) {
            case .kept: self.editInside(member, bytes, &splice)
            case .cut: gone.append(index)
            case .replaced(let value): splice.replace(member.value, with: value)
            case .renamed(let name): splice.replace(member.key, with: ByteBuffer(staticString: name))
            }
        }
        splice.remove(gone, of: self.call.members.items, in: bytes)
        if let last = self.call.members.items.last, let added = self.addedMembers(bytes) {
            splice.replace(last.value.upperBound..<last.value.upperBound, with: added)
        }
        var output = ByteBuffer()
        splice.apply(to: self.call.body, into: &output)
        return output
    }

    private func fate(of member: JSONMember, in bytes: Span<UInt8>) throws(GatewayError) -> Fate {
        let key = member.key
        if JSONPeek.matches(bytes, key, "model") { return .replaced(ByteBuffer(jsonString: self.upstreamName)) }
        if JSONPeek.matches(bytes, key, "messages") || JSONPeek.matches(bytes, key, "stream") { return .kept }
        if let added = self.extraValue(of: key, in: bytes) { return .replaced(added.serialized) }
        if Self.isOne(of: self.settings.droppedParameters, key, in: bytes) { return .cut }
        if GatewayParameters.contains(key, in: bytes) { return .cut }
        if JSONPeek.matches(bytes, key, "stream_options") { return self.fateOfStreamOptions(member.value, bytes) }
        if self.lacksTools(bytes), self.isAboutTools(member, in: bytes) { return .cut }
        if Self.isOne(of: self.settings.allowedParameters, key, in: bytes) { return .kept }
        if JSONPeek.isOne(of: self.rules.hints, key, in: bytes) { return .cut }
        if let fate = try self.fateByRefusal(member, bytes) { return fate }
        if let fate = try self.fateOfChoice(member, bytes) { return fate }
        return self.fateByName(key, bytes)
    }

    private var upstreamName: String {
        guard let prefix = self.rules.modelPrefix, !self.model.utf8.contains(UInt8(ascii: "/")) else {
            return self.model
        }
        return prefix + self.model
    }

    // MARK: Names and what is refused

    private func fateByName(_ key: Range<Int>, _ bytes: Span<UInt8>) -> Fate {
        for (from, to) in self.rules.renamed where JSONPeek.matches(bytes, key, from) {
            return self.call.members.value(of: to, in: bytes) == nil ? .renamed(to) : .cut
        }
        if JSONPeek.matches(bytes, key, "max_tokens"), self.wantsCompletionLimit {
            let isGivenTwice = self.call.members.value(of: "max_completion_tokens", in: bytes) != nil
            return isGivenTwice ? .cut : .renamed("max_completion_tokens")
        }
        return .kept
    }

    /// Whether this model at this host refuses `max_tokens` (OpenAI's o series and GPT-5).
    private var wantsCompletionLimit: Bool {
        self.rules.reasoningModelsTakeCompletionLimit && self.isOwnHost && self.call.operation == .chatCompletions
            && self.deployment.capabilities.reasoning == true
    }

    private func fateByRefusal(_ member: JSONMember, _ bytes: Span<UInt8>) throws(GatewayError) -> Fate? {
        for parameter in self.rules.refused where JSONPeek.matches(bytes, member.key, parameter.name) {
            guard parameter.concerns(self.model) else { continue }
            let isOneChoice = JSONPeek.matches(bytes, member.key, "n") && JSONPeek.matches(bytes, member.value, "1")
            if self.settings.dropsUnsupported || isOneChoice || JSONPeek.isNeutral(member.value, in: bytes) {
                return .cut
            }
            throw UnsupportedParameter.error("\(parameter.name)", provider: self.format.displayName)
        }
        return nil
    }

    /// Values of `tool_choice` and `response_format` that some vendors spell otherwise or lack.
    private func fateOfChoice(_ member: JSONMember, _ bytes: Span<UInt8>) throws(GatewayError) -> Fate? {
        if JSONPeek.matches(bytes, member.key, "tool_choice"),
            JSONPeek.isString(member.value, "required", in: bytes)
        {
            switch self.rules.requiredChoice {
            case .asIs: return .kept
            case .any: return .replaced(ByteBuffer(string: #""any""#))
            case .refused:
                if self.settings.dropsUnsupported { return .cut }
                throw UnsupportedParameter.error(
                    "tool_choice",
                    provider: self.format.displayName,
                    detail: " with the value 'required'"
                )
            }
        }
        if JSONPeek.matches(bytes, member.key, "response_format"), case .objectOnly = self.rules.schemaFormat,
            JSONPeek.isString(JSONPeek.member("type", of: member.value, in: bytes), "json_schema", in: bytes)
        {
            if self.settings.dropsUnsupported { return .replaced(ByteBuffer(string: #"{"type":"json_object"}"#)) }
            throw UnsupportedParameter.error(
                "response_format",
                provider: self.format.displayName,
                detail: " of type 'json_schema'"
            )
        }
        return nil
    }

    // MARK: Tools

    private func lacksTools(_ bytes: Span<UInt8>) -> Bool {
        guard self.call.operation == .chatCompletions else { return false }
        guard let tools = self.call.members.value(of: "tools", in: bytes) else { return true }
        return JSONPeek.isNeutral(tools, in: bytes)
    }

    /// Whether the member makes no sense without tools: OpenAI answers 400 to an empty list and to a lone choice.
    private func isAboutTools(_ member: JSONMember, in bytes: Span<UInt8>) -> Bool {
        JSONPeek.matches(bytes, member.key, "tools") || JSONPeek.matches(bytes, member.key, "tool_choice")
            || JSONPeek.matches(bytes, member.key, "parallel_tool_calls")
    }

    // MARK: Streams

    private func fateOfStreamOptions(_ value: Range<Int>, _ bytes: Span<UInt8>) -> Fate {
        guard self.call.isStream, self.rules.asksForUsage else { return .cut }
        guard self.call.operation != .embeddings, let usage = JSONPeek.member("include_usage", of: value, in: bytes)
        else { return .replaced(self.streamOptions(value, bytes)) }
        if JSONPeek.isTrue(usage, in: bytes) { return .kept }
        var splice = JSONSplice()
        let start = value.lowerBound
        splice.replace(usage.lowerBound - start..<usage.upperBound - start, with: ByteBuffer(string: "true"))
        var options = ByteBuffer()
        splice.apply(to: self.call.body.slice(value), into: &options)
        return .replaced(options)
    }

    /// `value` with `include_usage` put in front of what stands in it.
    private func streamOptions(_ value: Range<Int>, _ bytes: Span<UInt8>) -> ByteBuffer {
        guard JSONPeek.isObject(value, in: bytes), !JSONPeek.isNeutral(value, in: bytes) else {
            return ByteBuffer(string: #"{"include_usage":true}"#)
        }
        var options = ByteBuffer(string: #"{"include_usage":true,"#)
        options.writeImmutableBuffer(self.call.body.slice(value.lowerBound + 1..<value.upperBound))
        return options
    }

    // MARK: Additions

    private func extraValue(of key: Range<Int>, in bytes: Span<UInt8>) -> JSONValue? {
        guard !self.settings.extraBody.isEmpty else { return nil }
        return self.settings.extraBody[JSONText.decode(bytes, key)]
    }

    /// The members the client did not write, each with a comma before it.
    private func addedMembers(_ bytes: Span<UInt8>) -> ByteBuffer? {
        var added = ByteBuffer()
        if self.call.members.value(of: "model", in: bytes) == nil {
            // The path named it (`/engines/{model}/...`), or nobody did and a default stands in.
            added.writeStaticString(#","model":"#)
            added.writeImmutableBuffer(ByteBuffer(jsonString: self.upstreamName))
        }
        let hasOptions = self.call.members.value(of: "stream_options", in: bytes) != nil
        if self.call.isStream, self.rules.asksForUsage, !hasOptions, self.call.operation != .embeddings,
            self.settings.extraBody["stream_options"] == nil
        {
            added.writeStaticString(#","stream_options":{"include_usage":true}"#)
        }
        let present = self.call.members.items
        for member in self.settings.extraBody.members {
            let isPresent = present.contains { JSONText.decode(bytes, $0.key) == member.key }
            guard !isPresent else { continue }
            added.writeStaticString(",")
            JSONText.writeString(member.key, into: &added)
            added.writeStaticString(":")
            member.value.write(into: &added)
        }
        return added.readableBytes == 0 ? nil : added
    }

    // MARK: Inside of members

    private var isOwnHost: Bool {
        guard let host = self.rules.ownHost else { return true }
        return self.deployment.endpoint.origin.host == host
    }

    private func editInside(_ member: JSONMember, _ bytes: Span<UInt8>, _ splice: inout JSONSplice) {
        if JSONPeek.matches(bytes, member.key, "messages"), self.rules.editsMessages, self.isOwnHost {
            MessageEdits(rules: self.rules, body: self.call.body).edit(member.value, bytes, &splice)
        }
        if self.rules.stripsStrict, JSONPeek.matches(bytes, member.key, "tools") {
            MessageEdits.stripStrict(fromTools: member.value, bytes, &splice)
        }
    }

    private static func isOne(of names: [String], _ key: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        names.contains { $0.utf8.count == key.count && $0 == JSONText.decode(bytes, key) }
    }
}

/// Parameters that clients of LiteLLM's proxy address to the gateway, and that no server must see.
enum GatewayParameters {
    static func contains(_ key: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        if JSONPeek.isOne(of: self.names, key, in: bytes) { return true }
        return self.prefixes.contains { self.starts(bytes, key, $0) }
    }

    private static func starts(_ bytes: Span<UInt8>, _ key: Range<Int>, _ prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        return key.count >= length
            && JSONPeek.matches(bytes, key.lowerBound..<key.lowerBound + length, prefix)
    }

    private static let prefixes: [StaticString] = ["litellm_", "mock_testing_"]

    private static let names: [StaticString] = [
        "cache", "caching", "fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "tags",
        "num_retries", "max_retries", "timeout", "stream_timeout", "request_timeout", "mock_response",
        "mock_tool_calls", "mock_timeout", "mock_delay", "disable_fallbacks", "guardrails", "guardrail_config",
        "priority", "api_key", "api_base", "base_url", "api_version", "custom_llm_provider", "drop_params",
        "additional_drop_params", "allowed_openai_params", "model_info", "no-log", "user_config",
        "enable_tag_filtering", "proxy_server_request", "secret_fields", "prompt_id", "prompt_variables",
    ]
}

/// The refusal of a parameter a vendor has no counterpart for.
enum UnsupportedParameter {
    static func error(_ name: String, provider: String, detail: String = "") -> GatewayError {
        GatewayError(
            .badRequest,
            "\(provider) does not support the parameter '\(name)'\(detail). Leave it out, or set drop_params: true "
                + "to have unsupported parameters dropped.",
            param: name,
            code: "unsupported_parameter"
        )
    }
}
