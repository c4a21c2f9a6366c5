import Domain
import NIOCore
import Transport
import WireFormats

/// The stage that reads a request's body: one scan, no decoding.
enum ReadCall {
    /// Reads the body of `exchange`; a model named by the path (`/engines/{model}/...`) wins over the body's.
    ///
    /// - Throws: `GatewayError` of kind `badRequest`, saying what is wrong with which field.
    static func read(
        _ exchange: Exchange,
        operation: Operation,
        pathModel: String?,
        identity: CallIdentity,
        settings: RequestSettings
    ) throws(GatewayError) -> ModelCall {
        let body = exchange.takeBody()
        var members = JSONMembers()
        do {
            try members.scan(body.readableBytesUInt8Span, maximumDepth: settings.maximumDepth)
        } catch {
            throw GatewayError(.badRequest, "Invalid JSON payload: \(error).", param: "request_body")
        }
        let bytes = body.readableBytesUInt8Span
        try self.check(operation, members, bytes)
        let model: String
        if let pathModel { model = pathModel } else { model = try self.model(members, bytes, settings) }
        let options = members.value(of: "stream_options", in: bytes)
        let wantsUsage = options.flatMap { JSONPeek.member("include_usage", of: $0, in: bytes) }
        return ModelCall(
            operation: operation,
            body: body,
            members: members,
            model: model,
            isStream: try self.boolean("stream", members, bytes),
            wantsUsage: settings.alwaysIncludesStreamUsage || JSONPeek.isTrue(wantsUsage, in: bytes),
            id: String(buffer: identity.callID),
            created: exchange.lane.clock.now
        )
    }

    private static func model(
        _ members: JSONMembers,
        _ bytes: Span<UInt8>,
        _ settings: RequestSettings
    ) throws(GatewayError) -> String {
        guard let range = members.value(of: "model", in: bytes), !JSONPeek.isNull(range, in: bytes) else {
            if let model = settings.defaultModel { return model }
            throw GatewayError(
                .badRequest,
                "Missing required parameter: 'model'. GET /v1/models lists the models on offer.",
                param: "model",
                code: "missing_required_parameter"
            )
        }
        guard let model = JSONPeek.string(range, in: bytes) else {
            throw self.wrongType("model", "a string")
        }
        guard !model.isEmpty else {
            throw GatewayError(.badRequest, "The parameter 'model' is empty.", param: "model")
        }
        return model
    }

    private static func boolean(
        _ name: StaticString,
        _ members: JSONMembers,
        _ bytes: Span<UInt8>
    ) throws(GatewayError) -> Bool {
        guard let range = members.value(of: name, in: bytes) else { return false }
        if JSONPeek.matches(bytes, range, "true") { return true }
        if JSONPeek.matches(bytes, range, "false") || JSONPeek.isNull(range, in: bytes) { return false }
        throw self.wrongType(name, "a boolean")
    }

    private static func check(
        _ operation: Operation,
        _ members: JSONMembers,
        _ bytes: Span<UInt8>
    ) throws(GatewayError) {
        let name = operation.requiredMember
        guard let range = members.value(of: name, in: bytes) else {
            throw GatewayError(
                .badRequest,
                "Missing required parameter: '\(name)'.",
                param: "\(name)",
                code: "missing_required_parameter"
            )
        }
        let first = bytes[range.lowerBound]
        let isArray = first == UInt8(ascii: "[")
        let isString = first == UInt8(ascii: "\"")
        if operation == .chatCompletions {
            guard isArray else { throw self.wrongType(name, "an array") }
        } else if !isArray, !isString {
            throw self.wrongType(name, "a string or an array")
        }
    }

    private static func wrongType(_ name: StaticString, _ expected: String) -> GatewayError {
        GatewayError(
            .badRequest,
            "Invalid type for '\(name)': expected \(expected).",
            param: "\(name)",
            code: "invalid_type"
        )
    }
}
