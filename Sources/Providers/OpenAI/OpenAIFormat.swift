/// How one vendor's dialect of OpenAI's format differs from what a client may send: data, no code.
struct OpenAIFormat: Sendable {
    /// For people: `Groq`.
    var displayName: String
    var rules: RequestRules
    var repairs: AnswerRepairs

    init(displayName: String, rules: RequestRules = RequestRules(), repairs: AnswerRepairs = AnswerRepairs()) {
        self.displayName = displayName
        self.rules = rules
        self.repairs = repairs
    }
}

/// What must become of a request before a vendor takes it.
struct RequestRules: Sendable {
    /// Parameters that are left out in silence, because an answer is as good without them.
    var hints: [StaticString] = []
    /// Parameters whose absence would change the answer: refused, unless the deployment says to drop them.
    var refused: [RefusedParameter] = []
    /// Parameters that have another name there.
    var renamed: [(from: StaticString, to: StaticString)] = []
    /// Whether `stream_options.include_usage` is understood; where it is not, the whole member is left out.
    var asksForUsage = true
    /// Whether `developer` messages become `system` ones.
    var developerIsSystem = false
    /// Members taken out of messages and out of the parts of their content.
    var strippedMessageMembers: [StaticString] = []
    /// Whether members of assistant messages that are null go.
    var stripsNulls = false
    /// The roles whose messages may carry a `name`; nil is all.
    var namedRoles: [StaticString]?
    /// Whether a content list that holds only text becomes one string.
    var joinsText = false
    /// Whether `strict` is taken out of tools.
    var stripsStrict = false
    var requiredChoice: RequiredToolChoice = .asIs
    var schemaFormat: SchemaFormat = .asIs
    /// What is put before a model name that has no slash.
    var modelPrefix: String?
    /// The host at which the rules about messages hold; nil is every host.
    ///
    /// Behind another base stands a server nobody knows, which gets the messages as they are.
    var ownHost: String?
    /// Whether reasoning models refuse `max_tokens` and want `max_completion_tokens` (OpenAI).
    var reasoningModelsTakeCompletionLimit = false

    /// Whether anything inside `messages` may have to change.
    var editsMessages: Bool {
        self.developerIsSystem || !self.strippedMessageMembers.isEmpty || self.stripsNulls || self.namedRoles != nil
            || self.joinsText
    }
}

/// A parameter a vendor cannot obey.
struct RefusedParameter: Sendable, ExpressibleByStringLiteral {
    let name: StaticString
    /// Parts of the names of the models it is about; empty is all.
    let models: [String]

    init(stringLiteral name: StaticString) {
        self.name = name
        self.models = []
    }

    init(_ name: StaticString, models: [String]) {
        self.name = name
        self.models = models
    }

    func concerns(_ model: String) -> Bool {
        self.models.isEmpty || self.models.contains { model.contains($0) }
    }
}

/// How a vendor takes `"tool_choice": "required"`.
enum RequiredToolChoice: Sendable {
    case asIs
    /// It is called `any`.
    case any
    /// Not at all: refused, or dropped to its default where the deployment drops what is unsupported.
    case refused
}

/// How a vendor takes `response_format` of type `json_schema`.
enum SchemaFormat: Sendable {
    case asIs
    /// It knows `json_object` only.
    case objectOnly
}

/// What a vendor's answers need before they are OpenAI's.
struct AnswerRepairs: Sendable {
    /// Finish reasons with other names.
    var finishReasons: [(from: StaticString, to: StaticString)] = []
    /// Whether an empty finish reason after tool calls stands for `tool_calls`.
    var fillsEmptyFinish = false
    /// Whether `completion_tokens` leaves the reasoning tokens out.
    var reasoningIsApart = false
    /// Whether `content` may be a list of text and thinking chunks.
    var joinsContent = false
    /// Whether tool calls may lack `index` or `type`, or carry their arguments as an object.
    var completesToolCalls = false
    /// Whether usage may stand in `x_groq`.
    var readsGroqUsage = false

    /// Whether events have to be looked into.
    var concernsChoices: Bool {
        !self.finishReasons.isEmpty || self.fillsEmptyFinish || self.joinsContent || self.completesToolCalls
    }
}
