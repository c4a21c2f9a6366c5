/// One prompt or embedding input: a text, or tokens.
struct OpenAIInput {
    /// The text; tokens are shown in brackets, since the mock cannot decode them.
    let text: String
    let tokens: Int

    /// Reads a string, a list of strings, a list of tokens or a list of such lists.
    static func read(_ value: JSONValue, parameter: String) throws(ProviderError) -> [OpenAIInput] {
        if let text = value.text { return [Self.input(text)] }
        guard let items = value.items, let first = items.first else {
            throw .invalid("'\(parameter)' must be a string or a non-empty array.", parameter, code: "invalid_type")
        }
        if first.int != nil { return [try Self.input(items, parameter)] }
        var inputs: [OpenAIInput] = []
        for item in items {
            if let text = item.text {
                inputs.append(Self.input(text))
            } else {
                inputs.append(try Self.input(item.items ?? [], parameter))
            }
        }
        return inputs
    }

    private static func input(_ text: String) -> OpenAIInput {
        OpenAIInput(text: text, tokens: max(1, TextWords.count(text)))
    }

    private static func input(_ tokens: [JSONValue], _ parameter: String) throws(ProviderError) -> OpenAIInput {
        guard !tokens.isEmpty, tokens.allSatisfy({ $0.int != nil }) else {
            throw .invalid("'\(parameter)' holds neither text nor tokens.", parameter, code: "invalid_type")
        }
        return OpenAIInput(text: JSONValue.array(tokens).serialised, tokens: tokens.count)
    }
}
