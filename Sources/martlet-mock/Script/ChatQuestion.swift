/// What the mock needs to know of a chat request, in either provider's format.
struct ChatQuestion: Sendable {
    var model: String
    var stream = false
    /// White-space separated words over all texts of the request.
    var promptWords = 0
    /// The text of the last user message without its directive; nil if a tool's result comes last.
    var userText: String?
    /// The text of the tool result that comes last.
    var toolResult: String?
    var directive: Directive?

    var tools: [Tool] = []
    var toolUse = ToolUse.auto
    var parallelTools = true

    var stops: [String] = []
    var wordLimit: Int?
    var choices = 1
    var output = Output.text
    var thinking = false

    /// A tool the model may call.
    struct Tool: Sendable {
        let name: String
        let parameters: JSONValue
    }

    enum ToolUse: Sendable {
        case auto
        case off
        case required
        case named(String)
    }

    enum Output: Sendable {
        case text
        case anyObject
        case schema(JSONValue)
    }

    init(model: String) {
        self.model = model
    }
}
