import Domain
import NIOCore
import WireFormats

/// The messages of a request in Anthropic's order: system texts apart, turns that alternate, results behind calls.
///
/// Source: provider-formats.md, section 2.3, items 1 to 6; Anthropic API reference, "Messages" and "Tool use".
struct AnthropicConversation {
    private(set) var system: [JSONValue] = []
    var turns: [AnthropicTurn] = []
    private(set) var betas: [String] = []

    /// - Throws: `badRequest` for messages that are none, and contents Anthropic has no block for.
    mutating func read(_ messages: JSONValue?, names: inout ToolNames) throws(GatewayError) {
        guard let messages = messages?.array else {
            throw AnthropicErrors.badRequest("'messages' must be a list of messages.")
        }
        for message in messages { try self.read(message, names: &names) }
    }

    mutating func addSystem(_ text: String) {
        self.system.append(["type": "text", "text": .text(text)])
    }

    private mutating func read(_ message: JSONValue, names: inout ToolNames) throws(GatewayError) {
        guard let role = message["role"]?.string else {
            throw AnthropicErrors.badRequest("Each message must be an object with a 'role'.")
        }
        switch role {
        case "system", "developer":
            self.system += AnthropicContent.marked(AnthropicContent.texts(message["content"]), by: message)
        case "user":
            let blocks = try self.blocks(message["content"])
            self.append(.user, AnthropicContent.marked(blocks, by: message))
        case "assistant":
            let blocks = try AnthropicAssistant.blocks(message, names: &names)
            self.append(.assistant, AnthropicContent.marked(blocks, by: message))
        case "tool", "function":
            self.append(.user, [try self.result(message)])
        default:
            throw AnthropicErrors.badRequest("'\(role.prefix(64))' is not a role of a message.")
        }
    }

    private mutating func blocks(_ content: JSONValue?) throws(GatewayError) -> [JSONValue] {
        var needsFiles = false
        let blocks = try AnthropicContent.blocks(content, needsFiles: &needsFiles)
        if needsFiles, !self.betas.contains(AnthropicContent.filesBeta) {
            self.betas.append(AnthropicContent.filesBeta)
        }
        return blocks
    }

    /// Consecutive messages of a role are one turn.
    private mutating func append(_ role: AnthropicTurn.Role, _ blocks: [JSONValue]) {
        guard !blocks.isEmpty else { return }
        if let last = self.turns.indices.last, self.turns[last].role == role {
            self.turns[last].blocks += blocks
        } else {
            self.turns.append(AnthropicTurn(role: role, blocks: blocks))
        }
    }

    private mutating func result(_ message: JSONValue) throws(GatewayError) -> JSONValue {
        let id = message["tool_call_id"]?.string ?? AnthropicAssistant.functionID(message["name"]?.string ?? "")
        var block = JSONObject([("type", "tool_result"), ("tool_use_id", .text(ToolCallID.fitting(id)))])
        var mark = message["cache_control"]
        switch message["content"] {
        case .string(let text): block.append("content", .string(text))
        case .array(let parts):
            // A mark inside a result counts for the whole of it.
            mark = mark ?? parts.lazy.compactMap { $0["cache_control"] }.first
            let inside = try self.blocks(.array(parts)).map(CacheMarks.unmarked)
            if !inside.isEmpty { block.append("content", .array(inside)) }
        case .object(let object): block.append("content", .text(String(buffer: JSONValue.object(object).serialized)))
        default: break
        }
        if message["is_error"]?.bool == true { block.append("is_error", true) }
        if let mark, !mark.isNull { block.append("cache_control", mark) }
        return .object(block)
    }

    // MARK: What the finished conversation is like

    var usesTools: Bool {
        self.turns.contains { turn in turn.blocks.contains { AnthropicTurn.kind($0) == "tool_use" } }
    }

    /// Whether the model is in the middle of a tool loop whose thinking the client did not keep: then thinking with a
    /// budget would be refused.
    var lacksThinkingToContinue: Bool {
        guard let last = self.turns.last, last.role == .user,
            last.blocks.contains(where: { AnthropicTurn.kind($0) == "tool_result" }),
            let assistant = self.turns.last(where: { $0.role == .assistant }), let first = assistant.blocks.first
        else { return false }
        return !AnthropicTurn.isThinking(first)
    }
}

/// One turn of a conversation: blocks of one side.
struct AnthropicTurn {
    enum Role: String {
        case user
        case assistant
    }

    var role: Role
    var blocks: [JSONValue]

    static func kind(_ block: JSONValue) -> String? {
        block["type"]?.string
    }

    static func isThinking(_ block: JSONValue) -> Bool {
        let kind = self.kind(block)
        return kind == "thinking" || kind == "redacted_thinking"
    }
}
