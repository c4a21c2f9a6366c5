package import Domain

extension ModelCapabilities {
    /// The capabilities that a row's fields tell of; what they are silent about stays "not known".
    package init(fields: [(name: String, json: String)]) {
        self.init()
        var legacyMaximum: Int?
        for (name, json) in fields {
            switch name {
            case "mode": self.mode = String(json.dropFirst().dropLast())
            case "max_input_tokens": self.maximumInput = Self.count(json)
            case "max_output_tokens": self.maximumOutput = Self.count(json)
            // The older name of the output's limit, which not every row has replaced.
            case "max_tokens": legacyMaximum = Self.count(json)
            default: self.take(name, Bool(json))
            }
        }
        self.maximumOutput = self.maximumOutput ?? legacyMaximum
    }

    private mutating func take(_ name: String, _ flag: Bool?) {
        switch name {
        case "supports_function_calling": self.functionCalling = flag
        case "supports_vision": self.vision = flag
        case "supports_reasoning": self.reasoning = flag
        case "supports_response_schema": self.responseSchema = flag
        case "supports_native_structured_output": self.nativeStructuredOutput = flag
        case "supports_adaptive_thinking": self.adaptiveThinking = flag
        case "supports_sampling_params": self.samplingParameters = flag
        case "supports_assistant_prefill": self.assistantPrefill = flag
        case "supports_prompt_caching": self.promptCaching = flag
        default: break
        }
    }

    /// A whole number, also where it is spelled as `8192.0` or `1e6`.
    private static func count(_ json: String) -> Int? {
        guard let reading = ScaledDecimal.read(json, scale: 0), reading.isExact, reading.value >= 0 else { return nil }
        return Int(reading.value)
    }
}
