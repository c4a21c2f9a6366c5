/// Reads and checks the messages of a chat completion request.
enum OpenAIMessages {
    private static let roles: Set<String> = ["system", "assistant", "user", "function", "tool", "developer"]

    /// The text of one message: text parts as they are, other parts named in brackets.
    static func text(of message: JSONValue) -> String {
        guard let content = message["content"] else { return "" }
        if let text = content.text { return text }
        return (content.items ?? []).map { part in
            switch part["type"]?.text {
            case "text": part["text"]?.text ?? ""
            case "image_url": "[image]"
            case let type: "[\(type ?? "unknown")]"
            }
        }.joined()
    }

    /// The words of all texts, as they were sent.
    static func words(_ messages: [JSONValue]) -> Int {
        messages.reduce(0) { sum, message in
            if let text = message["content"]?.text { return sum + TextWords.count(text) }
            let parts = message["content"]?.items ?? []
            return sum + parts.reduce(0) { $0 + ($1["text"]?.text.map(TextWords.count) ?? 0) }
        }
    }

    static func validate(_ messages: [JSONValue]) throws(ProviderError) {
        guard !messages.isEmpty else {
            let message =
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
            throw .invalid(message, "messages", code: "empty_array")
        }
        var unanswered: [String] = []
        var afterCalls = false
        for (index, message) in messages.enumerated() {
            let role = message["role"]?.text ?? ""
            guard Self.roles.contains(role) else {
                let supported = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"
                let text = "Invalid value: '\(role)'. Supported values are: \(supported)."
                throw .invalid(text, "messages[\(index)].role", code: "invalid_value")
            }
            try Self.validateContent(of: message, role: role, index: index)
            if role == "tool" {
                try Self.validateResult(message, index: index, afterCalls: afterCalls, unanswered: &unanswered)
                continue
            }
            try Self.requireAnswered(unanswered, index: index)
            unanswered = (message["tool_calls"]?.items ?? []).compactMap { $0["id"]?.text }
            afterCalls = !unanswered.isEmpty
        }
        try Self.requireAnswered(unanswered, index: messages.count)
    }

    private static func validateContent(of message: JSONValue, role: String, index: Int) throws(ProviderError) {
        let content = message["content"] ?? .null
        if content.text != nil || content.items != nil { return }
        if role == "assistant", content.isNull,
            message["tool_calls"] != nil || message["function_call"] != nil
                || message["refusal"] != nil || message["audio"] != nil
        {
            return
        }
        let found = content.isNull ? "null" : "another type"
        let text = "Invalid value for 'content': expected a string, got \(found)."
        throw .invalid(text, "messages.[\(index)].content")
    }

    private static func validateResult(
        _ message: JSONValue,
        index: Int,
        afterCalls: Bool,
        unanswered: inout [String]
    ) throws(ProviderError) {
        let parameter = "messages.[\(index)].role"
        guard let id = message["tool_call_id"]?.text else {
            throw .invalid(
                "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
                parameter
            )
        }
        guard afterCalls, let position = unanswered.firstIndex(of: id) else {
            let text =
                "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
            throw .invalid(text, parameter)
        }
        unanswered.remove(at: position)
    }

    private static func requireAnswered(_ ids: [String], index: Int) throws(ProviderError) {
        guard !ids.isEmpty else { return }
        let text =
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            + "'tool_call_id'. The following tool_call_ids did not have response messages: \(ids.joined(separator: ", "))"
        throw .invalid(text, "messages.[\(index)].role")
    }
}
