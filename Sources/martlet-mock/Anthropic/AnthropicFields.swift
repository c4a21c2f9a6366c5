/// The rules for the fields of a Messages request, apart from the messages themselves.
enum AnthropicFields {
    private static let known: Set<String> = [
        "model", "max_tokens", "messages", "system", "stop_sequences", "stream", "temperature", "top_p", "top_k",
        "metadata", "tools", "tool_choice", "thinking", "output_config", "output_format", "service_tier", "container",
        "cache_control", "context_management", "mcp_servers", "inference_geo", "speed",
    ]

    static func isThinking(_ fields: JSONValue) -> Bool {
        let type = fields["thinking"]?["type"]?.text
        return type == "enabled" || type == "adaptive"
    }

    static func validate(_ fields: JSONValue, countingOnly: Bool) throws(ProviderError) {
        for member in fields.members ?? [] where !Self.known.contains(member.key) {
            throw .invalid("\(member.key): Extra inputs are not permitted")
        }
        guard fields["model"]?.text != nil else { throw .invalid("model: Field required") }
        if !countingOnly {
            guard let limit = fields["max_tokens"] else { throw .invalid("max_tokens: Field required") }
            guard let number = limit.int else { throw .invalid("max_tokens: Input should be a valid integer") }
            guard number >= 1 else { throw .invalid("max_tokens: must be greater than or equal to 1") }
        }
        guard let messages = fields["messages"] else { throw .invalid("messages: Field required") }
        guard messages.items != nil else { throw .invalid("messages: Input should be a valid list") }
        try Self.validateNumber(fields, "temperature", 0...1)
        try Self.validateNumber(fields, "top_p", 0...1)
        try Self.validateSystem(fields["system"])
        try Self.validateStops(fields["stop_sequences"])
        try Self.validateTools(fields)
        try Self.validateThinking(fields)
        let marks = AnthropicRequest.cacheMarks(in: fields)
        guard marks <= 4 else {
            throw .invalid("A maximum of 4 blocks with cache_control may be provided. Found \(marks).")
        }
    }

    private static func validateNumber(
        _ fields: JSONValue,
        _ name: String,
        _ range: ClosedRange<Double>
    ) throws(ProviderError) {
        guard let value = fields[name], !value.isNull else { return }
        guard let number = value.double else { throw .invalid("\(name): Input should be a valid number") }
        guard range.contains(number) else { throw .invalid("\(name): range: 0..1") }
    }

    private static func validateSystem(_ system: JSONValue?) throws(ProviderError) {
        guard let system, system.text == nil else { return }
        guard let blocks = system.items else { throw .invalid("system: Input should be a valid list") }
        for (index, block) in blocks.enumerated() {
            guard block["type"]?.text == "text" else { throw .invalid("system.\(index).type: Input should be 'text'") }
            guard block["text"]?.text?.isEmpty == false else {
                throw .invalid("system: text content blocks must be non-empty")
            }
        }
    }

    private static func validateStops(_ stops: JSONValue?) throws(ProviderError) {
        guard let stops, !stops.isNull else { return }
        guard let items = stops.items else { throw .invalid("stop_sequences: Input should be a valid list") }
        for item in items where TextWords.count(item.text ?? "") == 0 {
            throw .invalid("stop_sequences: each stop sequence must contain non-whitespace")
        }
    }

    private static func validateTools(_ fields: JSONValue) throws(ProviderError) {
        let tools = fields["tools"]?.items ?? []
        for (index, tool) in tools.enumerated() {
            // A typed tool that is not "custom" runs at the provider and has no schema.
            if let type = tool["type"]?.text, type != "custom" { continue }
            let place = "tools.\(index).custom"
            guard let name = tool["name"]?.text else { throw .invalid("\(place).name: Field required") }
            guard (1...128).contains(name.utf8.count), name.allSatisfy(Self.isNameCharacter) else {
                throw .invalid("\(place).name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")
            }
            guard let schema = tool["input_schema"] else { throw .invalid("\(place).input_schema: Field required") }
            guard let type = schema["type"] else { throw .invalid("\(place).input_schema.type: Field required") }
            guard type.text == "object" else {
                throw .invalid("\(place).input_schema.type: Input should be 'object'")
            }
        }
        if tools.isEmpty, let choice = fields["tool_choice"], !choice.isNull {
            throw .invalid("tool_choice: may only be specified while providing tools")
        }
        let choices: Set<String> = ["auto", "any", "tool", "none"]
        if let choice = fields["tool_choice"], !choice.isNull, !choices.contains(choice["type"]?.text ?? "") {
            let found = choice["type"]?.text ?? ""
            throw .invalid(
                "tool_choice: Input tag '\(found)' found using 'type' does not match any of the expected tags: "
                    + "'auto', 'any', 'tool', 'none'"
            )
        }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    private static func validateThinking(_ fields: JSONValue) throws(ProviderError) {
        guard Self.isThinking(fields) else { return }
        if fields["thinking"]?["type"]?.text == "enabled" {
            guard let budget = fields["thinking"]?["budget_tokens"]?.int else {
                throw .invalid("thinking.enabled.budget_tokens: Field required")
            }
            guard budget >= 1024 else {
                throw .invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
            }
            if let limit = fields["max_tokens"]?.int, limit <= budget {
                throw .invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")
            }
        }
        if let temperature = fields["temperature"]?.double, temperature != 1 {
            throw .invalid("`temperature` may only be set to 1 when thinking is enabled.")
        }
        if let choice = fields["tool_choice"]?["type"]?.text, choice == "any" || choice == "tool" {
            throw .invalid("Thinking may not be enabled when tool_choice forces tool use.")
        }
    }
}
