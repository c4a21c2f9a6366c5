import Domain
import NIOCore
import WireFormats

/// Turns an assistant's message into blocks: its signed thinking, its texts, its calls, in this order.
///
/// Source: provider-formats.md, section 2.3, items 3 and 14.
enum AnthropicAssistant {
    static func blocks(_ message: JSONValue, names: inout ToolNames) throws(GatewayError) -> [JSONValue] {
        let parts = message["content"]?.array ?? []
        var blocks = ((message["thinking_blocks"]?.array ?? []) + parts).compactMap(self.thinking)
        blocks += AnthropicContent.texts(message["content"])
        for call in message["tool_calls"]?.array ?? [] { blocks.append(try self.call(call, names: &names)) }
        if let function = message["function_call"], let name = function["name"]?.string {
            blocks.append(try self.use(self.functionID(name), function, names: &names))
        }
        return blocks
    }

    /// The identity of a call in the old format, which has none but the function's name.
    static func functionID(_ name: String) -> String {
        "call_" + Identifiers.digest(of: "function:" + name, length: 24)
    }

    /// Only what Anthropic has signed or sealed: anything else would be refused as a forgery.
    private static func thinking(_ block: JSONValue) -> JSONValue? {
        switch block["type"]?.string {
        case "thinking":
            guard let thinking = block["thinking"], let signature = block["signature"],
                signature.string?.isEmpty == false
            else { return nil }
            return ["type": "thinking", "thinking": thinking, "signature": signature]
        case "redacted_thinking":
            guard let data = block["data"], data.string?.isEmpty == false else { return nil }
            return ["type": "redacted_thinking", "data": data]
        default: return nil
        }
    }

    private static func call(_ call: JSONValue, names: inout ToolNames) throws(GatewayError) -> JSONValue {
        let id = call["id"]?.string ?? ""
        if let custom = call["custom"] {
            let input: JSONValue = ["input": custom["input"] ?? ""]
            return self.use(id, name: custom["name"]?.string ?? "", input: input, names: &names)
        }
        guard let function = call["function"] else {
            throw AnthropicErrors.badRequest("A tool call of an assistant's message has no 'function'.")
        }
        return try self.use(id, function, names: &names)
    }

    private static func use(
        _ id: String,
        _ function: JSONValue,
        names: inout ToolNames
    ) throws(GatewayError) -> JSONValue {
        self.use(id, name: function["name"]?.string ?? "", input: self.input(function["arguments"]), names: &names)
    }

    private static func use(_ id: String, name: String, input: JSONValue, names: inout ToolNames) -> JSONValue {
        [
            "type": "tool_use", "id": .text(ToolCallID.fitting(id)), "name": .text(names.sentName(for: name)),
            "input": input,
        ]
    }

    /// The object that a call's arguments hold.
    ///
    /// What is no object (a model was cut off) is wrapped rather than lost.
    private static func input(_ arguments: JSONValue?) -> JSONValue {
        if case .object = arguments { return arguments ?? [:] }
        guard let text = arguments?.string, text.contains(where: { !$0.isWhitespace }) else { return [:] }
        // Losing the error is right: broken arguments are a case of their own.
        if let value = try? JSONValue(parsing: ByteBuffer(string: text)), case .object = value { return value }
        return ["_raw": .text(text)]
    }
}
