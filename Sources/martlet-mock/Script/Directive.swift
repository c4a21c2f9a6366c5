/// What one request should be answered with instead of the plain echo: scripted misbehaviour and scripted content.
///
/// A directive comes from the text of the request (`mock:{...}`) or from `POST /_mock/script`. `docs/mock.md` lists
/// every key; the names there and here agree in snake and camel case.
struct Directive: Sendable {
    // Errors.
    var status: Int?
    var message: String?
    var code: String?
    var type: String?
    var retryAfter: Int?
    var retryAfterMilliseconds: Int?
    var shouldRetry: Bool?
    var html = false

    // Content.
    var tokens: Int?
    var text: String?
    var size: Int?
    var toolCalls: [ToolCall]?
    var reasoning: String?
    var finishReason: String?
    var noUsage = false
    /// Members of the usage object that replace the usual ones.
    var usage: JSONValue?

    // Timing, in milliseconds.
    var delay = 0
    var tokenDelay = 0

    // The shape of the stream; positions count stream events, or body bytes of a plain answer.
    var cutAfter: Int?
    var resetAfter: Int?
    var silenceAfter: Int?
    var malformedAfter: Int?
    var errorAfter: Int?
    var noDone = false
    var crlf = false
    var split: Int?
    var commentEvery = false

    // The HTTP around it.
    var wrongLength: Int?
    var close = false
    /// Milliseconds between the end of the answer and the unannounced close.
    var silentCloseAfter: Int?
    var headers: [HeaderField] = []
}

/// A call of a tool, as a scripted or made-up answer contains it.
struct ToolCall: Sendable {
    var name: String
    var arguments: JSONValue
}

/// One header line.
struct HeaderField: Sendable {
    let name: String
    let value: String
}

/// Why a directive cannot be followed; the text is for the person who wrote it.
struct DirectiveError: Error {
    let message: String
}

extension Directive {
    /// Reads a directive on top of the plain one.
    init(_ value: JSONValue) throws(DirectiveError) {
        guard let members = value.members else { throw DirectiveError(message: "a mock directive is a JSON object") }
        for member in members {
            // Not joined by `||`: its right side cannot throw a typed error.
            if try self.setError(member) { continue }
            if try self.setContent(member) { continue }
            if try self.setStream(member) { continue }
            if try self.setTransport(member) { continue }
            throw DirectiveError(message: "unknown mock directive: \(member.key)")
        }
    }

    /// The directive of a request that has none.
    static let plain = Directive()

    private mutating func setError(_ member: JSONValue.Member) throws(DirectiveError) -> Bool {
        switch member.key {
        case "status": self.status = try Self.number(member)
        case "message": self.message = try Self.string(member)
        case "code": self.code = try Self.string(member)
        case "type": self.type = try Self.string(member)
        case "retry_after": self.retryAfter = try Self.number(member)
        case "retry_after_ms": self.retryAfterMilliseconds = try Self.number(member)
        case "should_retry": self.shouldRetry = try Self.flag(member)
        case "html": self.html = try Self.flag(member)
        default: return false
        }
        return true
    }

    private mutating func setContent(_ member: JSONValue.Member) throws(DirectiveError) -> Bool {
        switch member.key {
        case "tokens": self.tokens = try Self.number(member)
        case "text": self.text = try Self.string(member)
        case "size": self.size = try Self.number(member)
        case "tool_calls": self.toolCalls = try Self.calls(member)
        case "reasoning": self.reasoning = try Self.string(member)
        case "finish_reason": self.finishReason = try Self.string(member)
        case "no_usage": self.noUsage = try Self.flag(member)
        case "usage": self.usage = try Self.object(member)
        default: return false
        }
        return true
    }

    private mutating func setStream(_ member: JSONValue.Member) throws(DirectiveError) -> Bool {
        switch member.key {
        case "delay": self.delay = try Self.number(member)
        case "token_delay": self.tokenDelay = try Self.number(member)
        case "cut_after": self.cutAfter = try Self.number(member)
        case "reset_after": self.resetAfter = try Self.number(member)
        case "silence_after": self.silenceAfter = try Self.number(member)
        case "malformed_after": self.malformedAfter = try Self.number(member)
        case "error_after": self.errorAfter = try Self.number(member)
        case "no_done": self.noDone = try Self.flag(member)
        case "crlf": self.crlf = try Self.flag(member)
        case "split": self.split = max(1, try Self.number(member))
        case "comment_every": self.commentEvery = try Self.flag(member)
        default: return false
        }
        return true
    }

    private mutating func setTransport(_ member: JSONValue.Member) throws(DirectiveError) -> Bool {
        switch member.key {
        case "wrong_length": self.wrongLength = try Self.number(member, signed: true)
        case "close": self.close = try Self.flag(member)
        case "no_keepalive_close_after": self.silentCloseAfter = try Self.number(member)
        case "headers": self.headers = try Self.fields(member)
        default: return false
        }
        return true
    }

    private static func number(_ member: JSONValue.Member, signed: Bool = false) throws(DirectiveError) -> Int {
        guard let value = member.value.int, signed || value >= 0, abs(value) <= 1_000_000_000 else {
            throw DirectiveError(message: "mock directive \(member.key) wants a whole number")
        }
        return value
    }

    private static func string(_ member: JSONValue.Member) throws(DirectiveError) -> String {
        guard let value = member.value.text else {
            throw DirectiveError(message: "mock directive \(member.key) wants a string")
        }
        return value
    }

    /// `true`, and 1 as people write it; `comment_every` and `no_done` read well either way.
    private static func flag(_ member: JSONValue.Member) throws(DirectiveError) -> Bool {
        if let flag = member.value.flag { return flag }
        guard let number = member.value.int else {
            throw DirectiveError(message: "mock directive \(member.key) wants true or false")
        }
        return number != 0
    }

    private static func calls(_ member: JSONValue.Member) throws(DirectiveError) -> [ToolCall] {
        var calls: [ToolCall] = []
        for item in member.value.items ?? [] {
            guard let name = item["name"]?.text else {
                throw DirectiveError(message: "mock directive tool_calls wants [{\"name\", \"arguments\"}]")
            }
            calls.append(ToolCall(name: name, arguments: item["arguments"] ?? .object([])))
        }
        return calls
    }

    private static func object(_ member: JSONValue.Member) throws(DirectiveError) -> JSONValue {
        guard member.value.members != nil else {
            throw DirectiveError(message: "mock directive \(member.key) wants an object")
        }
        return member.value
    }

    private static func fields(_ member: JSONValue.Member) throws(DirectiveError) -> [HeaderField] {
        guard let members = member.value.members else {
            throw DirectiveError(message: "mock directive headers wants an object")
        }
        return members.map { HeaderField(name: $0.key, value: $0.value.text ?? $0.value.serialised) }
    }
}
