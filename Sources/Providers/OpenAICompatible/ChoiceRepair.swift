import NIOCore
import WireFormats

/// Brings `choices` of vendors with habits of their own into OpenAI's form.
///
/// A cheap walk finds out whether there is anything to do, which for most events there is not; only then are choices
/// read into values. One repair serves one answer, whole or streamed.
struct ChoiceRepair {
    let repairs: AnswerRepairs
    let isStream: Bool
    private var sawTools = false
    private var hasFilledFinish = false
    private var toolCount = 0

    init(repairs: AnswerRepairs, isStream: Bool) {
        self.repairs = repairs
        self.isStream = isStream
    }

    /// The text to put in the place of `choices`, or nil when they are well as they are.
    mutating func repaired(_ body: ByteBuffer, _ choices: Range<Int>) -> ByteBuffer? {
        guard self.needsRepair(choices, body.readableBytesUInt8Span) else { return nil }
        // Losing the error is right: the text was scanned, so only its depth can be at fault, and then it stays.
        guard let value = try? JSONValue(parsing: body.slice(choices)), let list = value.array else { return nil }
        return JSONValue.array(list.map { self.repaired($0) }).serialized
    }

    // MARK: Whether there is something to do

    private mutating func needsRepair(_ choices: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        var isNeeded = false
        var walk = ArrayWalk(choices, in: bytes)
        while let choice = walk.next(in: bytes) {
            var inside = ObjectWalk(choice, in: bytes)
            while let member = inside.next(in: bytes) {
                if JSONPeek.matches(bytes, member.key, "finish_reason") {
                    isNeeded = self.isOdd(finishReason: member.value, bytes) || isNeeded
                } else if JSONPeek.matches(bytes, member.key, "delta") || JSONPeek.matches(bytes, member.key, "message")
                {
                    isNeeded = self.isOdd(message: member.value, bytes) || isNeeded
                }
            }
        }
        return isNeeded
    }

    private func isOdd(finishReason: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard let text = JSONPeek.stringContent(finishReason, in: bytes) else { return false }
        if text.isEmpty { return self.repairs.fillsEmptyFinish }
        for (from, _) in self.repairs.finishReasons where JSONPeek.matches(bytes, text, from) { return true }
        return false
    }

    private mutating func isOdd(message: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        var isOdd = false
        var walk = ObjectWalk(message, in: bytes)
        while let member = walk.next(in: bytes) {
            if self.repairs.joinsContent, JSONPeek.matches(bytes, member.key, "content") {
                isOdd = isOdd || JSONPeek.isArray(member.value, in: bytes)
            } else if JSONPeek.matches(bytes, member.key, "tool_calls"), JSONPeek.isArray(member.value, in: bytes) {
                let isNone = JSONPeek.isNeutral(member.value, in: bytes)
                self.sawTools = self.sawTools || !isNone
                isOdd = isOdd || (self.repairs.completesToolCalls && !isNone)
            }
        }
        return isOdd
    }

    // MARK: The repair

    private mutating func repaired(_ choice: JSONValue) -> JSONValue {
        guard var choice = choice.object else { return choice }
        for key in ["message", "delta"] {
            if let message = choice[key]?.object { choice[key] = .object(self.repaired(message: message)) }
        }
        if let reason = choice["finish_reason"]?.string {
            choice["finish_reason"] = self.repaired(finishReason: reason, choice)
        }
        return .object(choice)
    }

    private mutating func repaired(finishReason: String, _ choice: JSONObject) -> JSONValue {
        for (from, to) in self.repairs.finishReasons where finishReason == "\(from)" { return .text("\(to)") }
        guard finishReason.isEmpty, self.repairs.fillsEmptyFinish else { return .text(finishReason) }
        guard self.isStream else { return self.sawTools ? "tool_calls" : "stop" }
        // In a stream an empty reason means "not yet" as well: it is taken for the end once, where no text comes along.
        let hasText = choice["delta"]?["content"]?.string?.isEmpty == false
        guard self.sawTools, !hasText, !self.hasFilledFinish else { return .null }
        self.hasFilledFinish = true
        return "tool_calls"
    }

    private mutating func repaired(message: JSONObject) -> JSONObject {
        var message = message
        if self.repairs.joinsContent, let parts = message["content"]?.array { Self.join(parts, into: &message) }
        if self.repairs.completesToolCalls, let calls = message["tool_calls"]?.array {
            message["tool_calls"] = .array(calls.map { self.completed($0) })
        }
        return message
    }

    /// Text chunks become the content, thinking chunks the reasoning (Mistral, Databricks).
    private static func join(_ parts: [JSONValue], into message: inout JSONObject) {
        var text = ""
        var reasoning = ""
        for part in parts {
            switch part["type"]?.string {
            case "thinking":
                for inner in part["thinking"]?.array ?? [] { reasoning += inner["text"]?.string ?? "" }
                reasoning += part["thinking"]?.string ?? ""
            case "reasoning":
                for inner in part["summary"]?.array ?? [] { reasoning += inner["text"]?.string ?? "" }
            default: text += part["text"]?.string ?? part.string ?? ""
            }
        }
        message["content"] = .text(text)
        if !reasoning.isEmpty { message["reasoning_content"] = .text(reasoning) }
    }

    /// A call with all OpenAI's members: vendors leave out `index` and `type`, or write arguments as an object.
    private mutating func completed(_ call: JSONValue) -> JSONValue {
        guard var call = call.object else { return call }
        let isStart = call["id"] != nil || call["function"]?["name"] != nil
        if self.isStream, call["index"]?.integer == nil {
            call["index"] = .integer(isStart ? self.toolCount : max(0, self.toolCount - 1))
        }
        if isStart {
            self.toolCount += 1
            if call["type"]?.string == nil { call["type"] = "function" }
        }
        if var function = call["function"]?.object, case .object(let arguments)? = function["arguments"] {
            function["arguments"] = .text(String(buffer: JSONValue.object(arguments).serialized))
            call["function"] = .object(function)
        }
        return .object(call)
    }
}
