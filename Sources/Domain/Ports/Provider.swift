package import NIOCore
package import WireFormats

/// One vendor: who it is, and how its format is spoken.
///
/// Pure: no sockets, no clocks. `Gateway` asks it for the request to send, shows it what came back, and relays what it
/// makes of it.
package protocol Provider: Sendable {
    var descriptor: ProviderDescriptor { get }

    /// The path below the deployment's base path for `operation`, or nil when the vendor does not offer it.
    func path(for operation: Operation) -> String?

    /// The base path as this vendor's routes want it, worked out once per deployment: some clients' habits (a `/v1` at
    /// its end) would double what ``path(for:)`` says.
    func normalizedBasePath(_ path: String) -> String

    /// Headers to send with every request, credentials among them, in order.
    func headers(apiKey: Secret<String>?, options: ProviderOptions) -> [(name: String, value: String)]

    /// The translator for `operation`, or nil when the vendor does not offer it.
    func translator(for operation: Operation) -> (any CallTranslator)?
}

extension Provider {
    package func normalizedBasePath(_ path: String) -> String { path }
}

/// The facts about a vendor that need no code.
package struct ProviderDescriptor: Sendable {
    /// The name before the slash in `provider/model`.
    package var name: String
    /// Other names LiteLLM knows it by.
    package var aliases: [String]
    /// For people: `OpenAI`.
    package var displayName: String
    /// Where its API stands unless `api_base` says otherwise; nil when there is no such place.
    package var defaultBase: String?
    /// Environment variables that hold the base, in the order they are looked at.
    package var baseVariables: [String]
    /// Environment variables that hold the key, in the order they are looked at.
    package var keyVariables: [String]
    /// Whether calls without a key make sense (a server on one's own machine).
    package var needsKey: Bool

    package init(
        name: String,
        aliases: [String] = [],
        displayName: String,
        defaultBase: String?,
        baseVariables: [String] = [],
        keyVariables: [String] = [],
        needsKey: Bool = true
    ) {
        self.name = name
        self.aliases = aliases
        self.displayName = displayName
        self.defaultBase = defaultBase
        self.baseVariables = baseVariables
        self.keyVariables = keyVariables
        self.needsKey = needsKey
    }
}

/// What a deployment's entry says that some vendors put into headers.
package struct ProviderOptions: Sendable {
    package var organization: String?
    package var apiVersion: String?

    package init(organization: String? = nil, apiVersion: String? = nil) {
        self.organization = organization
        self.apiVersion = apiVersion
    }
}

/// Turns one kind of call into a vendor's format and its answers back into OpenAI's.
package protocol CallTranslator: Sendable {
    /// The vendor's request body for `call`, and what must be remembered to read the answer.
    ///
    /// `model` is the model's name at the vendor.
    ///
    /// - Throws: `GatewayError` of kind `badRequest` for what the vendor cannot do.
    func request(
        _ call: ModelCall,
        model: String,
        deployment: Deployment
    ) throws(GatewayError) -> TranslatedRequest

    /// The vendor's whole answer of status 200 in OpenAI's format, with its usage.
    ///
    /// The call's body is gone by then; the rest of it, and `context`, are what there is to read an answer by.
    ///
    /// - Throws: `GatewayError` of kind `upstream` when it is no answer.
    func answer(
        _ body: ByteBuffer,
        to call: ModelCall,
        context: TranslationContext
    ) throws(GatewayError) -> TranslatedAnswer

    /// A fresh decoder for one streamed answer.
    func streamDecoder(for call: ModelCall, context: TranslationContext) -> any StreamDecoder

    /// What a status other than 2xx means. `headers` are the upstream's.
    func failure(status: Int, headers: any HeaderLookup, body: ByteBuffer) -> GatewayError
}

/// Reads headers of an upstream's answer without owning them.
package protocol HeaderLookup {
    /// The first value of `name` (lower case).
    func value(_ name: StaticString) -> String?
}

/// A request body in a vendor's format.
package struct TranslatedRequest: Sendable {
    package var body: ByteBuffer
    /// Headers for this request alone (Anthropic's betas), in order.
    package var headers: [(name: String, value: String)]
    package var context: TranslationContext

    package init(
        body: ByteBuffer,
        headers: [(name: String, value: String)] = [],
        context: TranslationContext = .none
    ) {
        self.body = body
        self.headers = headers
        self.context = context
    }
}

/// What a translator must remember of a request to read its answer.
package struct TranslationContext: Sendable {
    /// A tool the gateway added, whose input is the answer's content (structured output where the vendor has none).
    package var answerTool: String?
    /// Tool names that had to be changed for the vendor: sent name to the client's.
    package var renamedTools: [String: String]

    package init(answerTool: String? = nil, renamedTools: [String: String] = [:]) {
        self.answerTool = answerTool
        self.renamedTools = renamedTools
    }

    package static let none = TranslationContext()
}

/// An answer in OpenAI's format.
package struct TranslatedAnswer: Sendable {
    package var body: ByteBuffer
    /// `nil` when the vendor did not say.
    package var usage: TokenUsage?

    package init(body: ByteBuffer, usage: TokenUsage?) {
        self.body = body
        self.usage = usage
    }
}

/// Turns a vendor's events into OpenAI's, one at a time.
///
/// One decoder serves one answer. It is called for every streamed event, so it allocates as little as it can.
package protocol StreamDecoder {
    /// What the vendor has reported so far; complete once the stream has ended.
    var usage: TokenUsage? { get }

    /// Whether the vendor's own end mark was seen. A stream that ends before it was cut off.
    var isComplete: Bool { get }

    /// Appends to `output` the events that `event` becomes, if any.
    ///
    /// - Throws: `GatewayError` when the event is the vendor's report of a failure, or no event of its format.
    mutating func decode(_ event: ServerSentEvent, into output: inout ByteBuffer) throws(GatewayError)

    /// Called once when the upstream has ended whole: appends what is still owed (usage chunk, `[DONE]`).
    mutating func finish(into output: inout ByteBuffer)
}
