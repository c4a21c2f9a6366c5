/// The rules for the messages of a Messages request: roles, blocks, and tool calls with their results.
enum AnthropicMessageRules {
    static func validate(_ messages: [JSONValue], thinking: Bool) throws(ProviderError) {
        guard !messages.isEmpty else { throw .invalid("messages: at least one message is required") }
        for (index, message) in messages.enumerated() {
            try Self.validateRole(of: message, index: index)
            try Self.validateContent(of: message, index: index, isLast: index == messages.count - 1)
        }
        guard messages.first?["role"]?.text == "user" else {
            throw .invalid("messages: first message must use the \"user\" role")
        }
        try Self.validateToolPairs(messages)
        if thinking { try Self.validateThinking(messages) }
    }

    private static func validateRole(of message: JSONValue, index: Int) throws(ProviderError) {
        for member in message.members ?? [] where member.key != "role" && member.key != "content" {
            throw .invalid("messages.\(index).\(member.key): Extra inputs are not permitted")
        }
        switch message["role"]?.text {
        case "user", "assistant": return
        case "system":
            throw .invalid(
                "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, "
                    + "not \"system\" as an input message role."
            )
        case nil: throw .invalid("messages.\(index).role: Field required")
        default: throw .invalid("messages.\(index).role: Input should be 'user' or 'assistant'")
        }
    }

    private static func validateContent(of message: JSONValue, index: Int, isLast: Bool) throws(ProviderError) {
        let role = message["role"]?.text ?? ""
        guard let content = message["content"] else { throw .invalid("messages.\(index).content: Field required") }
        let mayBeEmpty = isLast && role == "assistant"
        let empty =
            "messages.\(index): all messages must have non-empty content except for the optional final assistant message"
        if let text = content.text {
            guard !text.isEmpty || mayBeEmpty else { throw .invalid(empty) }
            return try Self.validateEnd(text, isFinalAnswer: mayBeEmpty)
        }
        guard let blocks = content.items else {
            throw .invalid("messages.\(index).content: Input should be a valid list")
        }
        guard !blocks.isEmpty || mayBeEmpty else { throw .invalid(empty) }
        for (position, block) in blocks.enumerated() {
            try Self.validate(block, role: role, place: "messages.\(index).content.\(position)")
        }
        if let text = blocks.last?["text"]?.text { try Self.validateEnd(text, isFinalAnswer: mayBeEmpty) }
    }

    private static func validateEnd(_ text: String, isFinalAnswer: Bool) throws(ProviderError) {
        guard isFinalAnswer, let last = text.utf8.last, TextWords.isSpace(last) else { return }
        throw .invalid("messages: final assistant content cannot end with trailing whitespace")
    }

    private static func validate(_ block: JSONValue, role: String, place: String) throws(ProviderError) {
        switch block["type"]?.text {
        case nil: throw .invalid("\(place).type: Field required")
        case "text":
            guard let text = block["text"]?.text else { throw .invalid("\(place).text.text: Field required") }
            guard !text.isEmpty else { throw .invalid("messages: text content blocks must be non-empty") }
            guard TextWords.count(text) > 0 else {
                throw .invalid("messages: text content blocks must contain non-whitespace text")
            }
        case "tool_use":
            guard role == "assistant" else {
                throw .invalid("messages: `tool_use` blocks can only be in `assistant` messages")
            }
            guard block["id"]?.text != nil else { throw .invalid("\(place).tool_use.id: Field required") }
            guard block["name"]?.text != nil else { throw .invalid("\(place).tool_use.name: Field required") }
            guard block["input"]?.members != nil else {
                throw .invalid("\(place).tool_use.input: Input should be a valid dictionary")
            }
        case "tool_result":
            guard role == "user" else {
                throw .invalid("messages: `tool_result` blocks can only be in `user` messages")
            }
            guard block["tool_use_id"]?.text != nil else {
                throw .invalid("\(place).tool_result.tool_use_id: Field required")
            }
        case "image", "document":
            let type = block["type"]?.text ?? ""
            guard block["source"]?["type"]?.text != nil else {
                throw .invalid("\(place).\(type).source: Field required")
            }
        case "thinking":
            guard block["signature"]?.text?.isEmpty == false else {
                throw .invalid("\(place).thinking.signature: Field required")
            }
        case "image_url", "input_audio", "file", "tool", "function":
            let type = block["type"]?.text ?? ""
            throw .invalid("\(place): Input tag '\(type)' found using 'type' does not match any of the expected tags")
        default: return
        }
    }

    /// Every call needs its result at the start of the very next message, and every result its call.
    private static func validateToolPairs(_ messages: [JSONValue]) throws(ProviderError) {
        var calls: [String] = []
        for (index, message) in messages.enumerated() {
            let blocks = message["content"]?.items ?? []
            let leading = blocks.prefix { $0["type"]?.text == "tool_result" }.compactMap { $0["tool_use_id"]?.text }
            let missing = calls.filter { !leading.contains($0) }
            guard missing.isEmpty else { throw Self.missingResults(missing, after: index - 1) }
            for (position, block) in blocks.enumerated() where block["type"]?.text == "tool_result" {
                let id = block["tool_use_id"]?.text ?? ""
                guard calls.contains(id) else {
                    throw .invalid(
                        "messages.\(index).content.\(position): unexpected `tool_use_id` found in `tool_result` blocks: "
                            + "\(id). Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
                    )
                }
            }
            guard Set(leading).count == leading.count else {
                throw .invalid(
                    "messages.\(index): each tool_use must have a single result. Found multiple `tool_result` blocks."
                )
            }
            calls = blocks.filter { $0["type"]?.text == "tool_use" }.compactMap { $0["id"]?.text }
            guard Set(calls).count == calls.count else { throw .invalid("messages: `tool_use` ids must be unique") }
        }
        guard calls.isEmpty else { throw Self.missingResults(calls, after: messages.count - 1) }
    }

    private static func missingResults(_ ids: [String], after index: Int) -> ProviderError {
        .invalid(
            "messages.\(index): `tool_use` ids were found without `tool_result` blocks immediately after: "
                + "\(ids.joined(separator: ", ")). Each `tool_use` block must have a corresponding `tool_result` block in "
                + "the next message."
        )
    }

    /// With thinking on, an assistant turn whose tools were just answered must begin with its thoughts.
    private static func validateThinking(_ messages: [JSONValue]) throws(ProviderError) {
        guard let index = messages.lastIndex(where: { $0["role"]?.text == "assistant" }) else { return }
        let blocks = messages[index]["content"]?.items ?? []
        guard blocks.contains(where: { $0["type"]?.text == "tool_use" }) else { return }
        let first = blocks.first?["type"]?.text ?? ""
        guard first != "thinking", first != "redacted_thinking" else { return }
        throw .invalid(
            "messages.\(index).content.0.type: Expected `thinking` or `redacted_thinking`, but found `\(first)`. When "
                + "`thinking` is enabled, a final `assistant` message must start with a thinking block."
        )
    }
}
