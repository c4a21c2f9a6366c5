import Domain
import WireFormats

/// Refuses parameters of a wrong type, which a translation would otherwise leave out in silence.
///
/// Source: OpenAI API reference, "Create chat completion"; what OpenAI answers to the same mistakes.
enum AnthropicTypes {
    private enum Kind: String {
        case integer = "an integer"
        case number = "a number"
        case array = "an array"
        case texts = "a string or an array of strings"
        case text = "a string"
        case object = "an object"
    }

    private static let parameters: [(name: String, kind: Kind)] = [
        ("max_tokens", .integer), ("max_completion_tokens", .integer), ("temperature", .number), ("top_p", .number),
        ("top_k", .integer), ("stop", .texts), ("tools", .array), ("user", .text), ("response_format", .object),
        ("reasoning_effort", .text), ("metadata", .object),
    ]

    /// Looks at the parameters that are read.
    ///
    /// - Throws: `badRequest` for the first that is of no use; null is as good as absent.
    static func check(_ fields: JSONObject) throws(GatewayError) {
        for parameter in self.parameters {
            guard let value = fields[parameter.name], !value.isNull, !self.fits(value, parameter.kind) else { continue }
            throw GatewayError(
                .badRequest,
                "Invalid type for '\(parameter.name)': expected \(parameter.kind.rawValue).",
                param: parameter.name,
                code: "invalid_type"
            )
        }
    }

    private static func fits(_ value: JSONValue, _ kind: Kind) -> Bool {
        switch (kind, value) {
        case (.integer, .number(let number)): number.integer != nil
        case (.number, .number), (.array, .array), (.text, .string), (.texts, .string), (.object, .object): true
        case (.texts, .array(let list)): list.allSatisfy { if case .string = $0 { true } else { false } }
        default: false
        }
    }
}
