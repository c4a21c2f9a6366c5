import Domain
import WireFormats

/// What `response_format` asks for, in the form this model can be asked.
///
/// Source: provider-formats.md, section 2.3, item 12.
struct AnthropicOutput {
    /// `output_config.format`, where structured output is a mode of the API.
    private(set) var format: JSONValue?
    /// The schema of a tool whose input is the answer, where it is not.
    private(set) var toolSchema: JSONValue?
    /// A sentence for the system prompt: there is no mode for "some JSON object".
    private(set) var instruction: String?

    mutating func read(_ responseFormat: JSONValue?, capabilities: ModelCapabilities) {
        switch responseFormat?["type"]?.string {
        case "json_object":
            self.instruction =
                "Answer with exactly one JSON object and nothing else: no explanation, no Markdown fence around it."
        case "json_schema":
            guard let schema = responseFormat?["json_schema"]?["schema"], schema.object != nil else { return }
            if capabilities.nativeStructuredOutput == true {
                self.format = ["type": "json_schema", "schema": SchemaCleaner.clean(schema)]
            } else {
                self.toolSchema = AnthropicTools.inputSchema(schema)
            }
        default: break
        }
    }
}
