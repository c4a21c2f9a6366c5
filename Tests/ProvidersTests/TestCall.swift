import Domain
import NIOCore
import Providers
import WireFormats

/// Makes calls and deployments for tests.
enum TestCall {
    static let catalog = ProviderCatalog(models: FewModels())

    static func make(
        _ body: ByteBuffer,
        operation: Domain.Operation = .chatCompletions,
        isStream: Bool? = nil
    ) throws -> ModelCall {
        var members = JSONMembers()
        let bytes = body.readableBytesUInt8Span
        try members.scan(bytes)
        let options = members.value(of: "stream_options", in: bytes)
        return ModelCall(
            operation: operation,
            body: body,
            members: members,
            model: JSONPeek.string(members.value(of: "model", in: bytes), in: bytes) ?? "",
            isStream: isStream ?? JSONPeek.isTrue(members.value(of: "stream", in: bytes), in: bytes),
            wantsUsage: JSONPeek.isTrue(
                options.flatMap { JSONPeek.member("include_usage", of: $0, in: bytes) },
                in: bytes
            ),
            id: "test",
            created: 1_700_000_000
        )
    }

    static func make(
        _ body: String,
        operation: Domain.Operation = .chatCompletions,
        isStream: Bool? = nil
    ) throws -> ModelCall {
        try self.make(ByteBuffer(string: body), operation: operation, isStream: isStream)
    }

    static func deployment(options: JSONValue = [:]) -> Deployment {
        var capabilities = ModelCapabilities()
        let facts = options["capabilities"] ?? [:]
        capabilities.maximumOutput = facts["max_output"]?.integer
        capabilities.reasoning = facts["reasoning"]?.bool
        capabilities.nativeStructuredOutput = facts["native_structured_output"]?.bool
        capabilities.adaptiveThinking = facts["adaptive_thinking"]?.bool
        capabilities.samplingParameters = facts["sampling"]?.bool
        let timeouts = UpstreamTimeouts(
            connect: .seconds(1),
            firstByte: .seconds(1),
            betweenChunks: .seconds(1),
            total: .seconds(1),
            streamTotal: .seconds(1)
        )
        let settings = Deployment.Settings(
            timeouts: timeouts,
            dropsUnsupported: options["drops"]?.bool ?? false,
            droppedParameters: (options["dropped"]?.array ?? []).compactMap(\.string),
            allowedParameters: (options["allowed"]?.array ?? []).compactMap(\.string),
            extraBody: options["extra_body"]?.object ?? JSONObject()
        )
        let origin = Origin(host: options["host"]?.string ?? "api.openai.com", port: 443, isTLS: true)
        return Deployment(
            id: "d",
            group: "g",
            provider: "p",
            upstreamModel: "m",
            endpoint: Deployment.Endpoint(
                origin: origin,
                basePath: "/v1",
                displayBase: "",
                headers: Secret(ByteBuffer())
            ),
            capabilities: capabilities,
            settings: settings
        )
    }

    /// Plays a stream's bytes, cut into `pieces`, to a fresh decoder.
    static func play(
        _ pieces: [ByteBuffer],
        _ translator: any CallTranslator,
        _ call: ModelCall,
        _ context: TranslationContext
    ) throws -> Played {
        var parser = SSEParser()
        // As in the gateway, the body is gone when the answer comes.
        var call = call
        call.dropBody()
        var decoder = translator.streamDecoder(for: call, context: context)
        var output = ByteBuffer()
        do {
            for piece in pieces {
                parser.append(piece)
                while let event = try parser.next() { try decoder.decode(event, into: &output) }
            }
            if let event = parser.finish() { try decoder.decode(event, into: &output) }
        } catch let error as GatewayError {
            return Played(output: output, usage: decoder.usage, isComplete: decoder.isComplete, error: error)
        }
        if decoder.isComplete { decoder.finish(into: &output) }
        return Played(output: output, usage: decoder.usage, isComplete: decoder.isComplete, error: nil)
    }

    struct Played: Equatable {
        var output: ByteBuffer
        var usage: TokenUsage?
        var isComplete: Bool
        var error: GatewayError?
    }
}

/// A small table of models.
struct FewModels: ModelFacts {
    func facts(provider: String, model: String) -> ModelEntryFacts? { nil }

    func provider(ofBareModel model: String) -> String? {
        switch model {
        case "gpt-4o": "openai"
        case "claude-sonnet-4-5": "anthropic"
        case "gpt-3.5-turbo-instruct": "text-completion-openai"
        case "gemini-2.5-pro": "vertex_ai"
        case "amazon.nova-pro-v1:0": "bedrock"
        default: nil
        }
    }

    func models(of provider: String) -> [String] { [] }
}

/// Headers of an upstream's answer.
struct FewHeaders: HeaderLookup {
    var values: [String: String] = [:]

    func value(_ name: StaticString) -> String? { self.values["\(name)"] }
}
