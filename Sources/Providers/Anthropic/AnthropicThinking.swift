import Domain
import WireFormats

/// Whether and how much the model thinks, and what that leaves of the limit.
///
/// A limit the client gave includes the thinking, as `max_completion_tokens` does at OpenAI: the budget gives way,
/// and below 1,024 tokens there is no thinking. A limit the gateway chose grows instead.
///
/// Source: provider-formats.md, section 2.3, item 13; Anthropic API reference, "Extended thinking".
struct AnthropicThinking {
    private enum Mode {
        case off
        case adaptive
        case budget(Int)
        /// Written by the client in Anthropic's words.
        case given(JSONValue)
    }

    private var mode: Mode = .off
    private(set) var effort: JSONValue?
    private var raisedLimit: Int?

    private static let smallestBudget = 1024

    init(fields: JSONObject, capabilities: ModelCapabilities) {
        if let given = fields["thinking"], let type = given["type"]?.string {
            if type == "enabled", let budget = given["budget_tokens"]?.integer {
                self.mode = .budget(budget)
            } else if type != "disabled" {
                self.mode = .given(given)
            }
        }
        guard let word = fields["reasoning_effort"]?.string ?? fields["reasoning_effort"]?["effort"]?.string,
            word != "none", capabilities.reasoning != false
        else { return }
        if capabilities.adaptiveThinking == true {
            if case .off = self.mode { self.mode = .adaptive }
            self.effort = .text(word == "minimal" ? "low" : word)
        } else if case .off = self.mode, let budget = Self.budgets[word] {
            self.mode = .budget(budget)
        }
    }

    private static let budgets = [
        "minimal": 1024, "low": 1024, "medium": 2048, "high": 4096, "xhigh": 8192, "max": 16_384,
    ]

    var isOn: Bool {
        if case .off = self.mode { false } else { true }
    }

    var value: JSONValue? {
        switch self.mode {
        case .off: nil
        case .adaptive: ["type": "adaptive", "display": "summarized"]
        case .budget(let budget): ["type": "enabled", "budget_tokens": .integer(budget)]
        case .given(let value): value
        }
    }

    /// Makes the budget and the limit agree: the first must be the smaller.
    mutating func fit(_ givenLimit: Int?, capabilities: ModelCapabilities, fallback: Int) {
        guard case .budget(let budget) = self.mode else { return }
        let limit = givenLimit ?? fallback
        guard limit <= budget else { return }
        if givenLimit == nil {
            let raised = budget + 4096
            let allowed = min(raised, capabilities.maximumOutput ?? raised)
            if allowed > budget {
                self.raisedLimit = allowed
                return
            }
        }
        let fitting = limit - 1
        self.mode = fitting >= Self.smallestBudget ? .budget(fitting) : .off
    }

    /// Thinking with a budget must go on where it was; without its signed beginning it is left out for this request.
    mutating func turnOffBudget() {
        guard case .budget = self.mode else { return }
        self.mode = .off
        self.raisedLimit = nil
    }

    /// The limit to send for `limit`.
    func limit(_ limit: Int) -> Int {
        self.raisedLimit ?? limit
    }
}
