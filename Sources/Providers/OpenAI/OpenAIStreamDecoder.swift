package import Domain
package import NIOCore
package import WireFormats

/// Passes a stream of OpenAI's format on, event by event, under the model's name the client asked for.
///
/// Each event is scanned once and copied; nothing is decoded and, in the long run, nothing allocated. Usage is
/// always asked for, so its chunk is withheld from clients that did not ask.
///
/// ``isComplete`` is for the end of the upstream's answer: usage may still follow a finish reason.
package struct OpenAIStreamDecoder: StreamDecoder {
    package private(set) var usage: TokenUsage?
    private var sawDone = false
    private var choices: ChoiceEnds
    private var members = JSONMembers()
    /// The name the client asked for as a JSON string.
    private let model: ByteBuffer
    private let wantsUsage: Bool
    private let format: OpenAIFormat

    init(call: ModelCall, format: OpenAIFormat) {
        self.model = ByteBuffer(jsonString: call.model)
        self.wantsUsage = call.wantsUsage
        self.format = format
        self.choices = ChoiceEnds(isSingle: call.hasOneChoice)
    }

    /// Some servers send no `[DONE]`: an end after every choice has given its finish reason is whole as well.
    package var isComplete: Bool { self.sawDone || self.choices.areAllFinished }

    package mutating func decode(_ event: ServerSentEvent, into output: inout ByteBuffer) throws(GatewayError) {
        guard let data = event.data, data.readableBytes > 0, !self.sawDone else { return }
        if event.isDone {
            self.sawDone = true
            return
        }
        try self.decode(data: data, block: event.isCanonical ? event.block : nil, into: &output)
    }

    /// Does the same for an event's payload; `block` is the event as it came, where it can be passed on like that.
    mutating func decode(
        data: ByteBuffer,
        block: ByteBuffer?,
        into output: inout ByteBuffer
    ) throws(GatewayError) {
        let bytes = data.readableBytesUInt8Span
        do {
            try self.members.scan(bytes)
        } catch {
            throw GatewayError(
                .upstream,
                "\(self.format.displayName) sent an event that is not a JSON object.",
                code: "bad_upstream"
            )
        }
        let fields = Fields(self.members, bytes)
        if fields.isFailure { throw UpstreamFailure(provider: self.format.displayName).reported(in: data) }
        let isEmpty = self.choices.note(fields.choices, in: bytes)
        if let counted = self.readUsage(fields.usage, bytes) {
            self.usage = counted
            if isEmpty, !self.wantsUsage { return }
        }
        self.pass(data, block, fields.model, into: &output)
    }

    package mutating func finish(into output: inout ByteBuffer) {
        SSEWriter.writeDone(into: &output)
    }

    /// Takes usage that stands outside of `usage` (Groq's `x_groq`).
    mutating func adopt(_ usage: TokenUsage) {
        self.usage = self.usage ?? usage
    }

    private func readUsage(_ value: Range<Int>?, _ bytes: Span<UInt8>) -> TokenUsage? {
        OpenAIUsage.read(value, in: bytes, reasoningIsApart: self.format.repairs.reasoningIsApart)
    }

    private func pass(
        _ data: ByteBuffer,
        _ block: ByteBuffer?,
        _ model: Range<Int>?,
        into output: inout ByteBuffer
    ) {
        let isNamed = model.map { self.isRequestedName($0, data) } ?? true
        if let block, isNamed {
            output.writeImmutableBuffer(block)
            return
        }
        output.writeStaticString("data: ")
        let start = output.writerIndex
        if let model, !isNamed {
            output.writeImmutableBuffer(data.slice(0..<model.lowerBound))
            output.writeImmutableBuffer(self.model)
            output.writeImmutableBuffer(data.slice(model.upperBound..<data.readableBytes))
        } else {
            output.writeImmutableBuffer(data)
        }
        if block == nil { Self.flattenLines(of: &output, from: start) }
        output.writeStaticString("\n\n")
    }

    private func isRequestedName(_ range: Range<Int>, _ data: ByteBuffer) -> Bool {
        guard range.count == self.model.readableBytes else { return false }
        let bytes = data.readableBytesUInt8Span
        let name = self.model.readableBytesUInt8Span
        for index in 0..<range.count where bytes[range.lowerBound + index] != name[index] { return false }
        return true
    }

    /// Line ends that joined `data:` lines brought in are white space between JSON tokens, but would end our line.
    private static func flattenLines(of output: inout ByteBuffer, from start: Int) {
        for index in start..<output.writerIndex {
            guard let byte = output.getInteger(at: index, as: UInt8.self), byte == 0x0a || byte == 0x0d else {
                continue
            }
            output.setInteger(UInt8(ascii: " "), at: index)
        }
    }
}

/// The members of an event that matter, found in one pass over the list.
private struct Fields {
    private(set) var model: Range<Int>?
    private(set) var choices: Range<Int>?
    private(set) var usage: Range<Int>?
    /// Whether the event is the server's report of a failure; vLLM writes `{"object":"error","message":...}`.
    private(set) var isFailure = false

    init(_ members: JSONMembers, _ bytes: Span<UInt8>) {
        for member in members.items {
            switch member.key.count {
            case 5:
                if JSONPeek.matches(bytes, member.key, "model") {
                    self.model = member.value
                } else if JSONPeek.matches(bytes, member.key, "usage") {
                    self.usage = member.value
                } else if JSONPeek.matches(bytes, member.key, "error") {
                    self.isFailure = self.isFailure || !JSONPeek.isNeutral(member.value, in: bytes)
                }
            case 6 where JSONPeek.matches(bytes, member.key, "object"):
                self.isFailure = self.isFailure || JSONPeek.isString(member.value, "error", in: bytes)
            case 7 where JSONPeek.matches(bytes, member.key, "choices"): self.choices = member.value
            default: break
            }
        }
    }
}

/// Which choices have been seen and which have ended, for the first 64 of them.
private struct ChoiceEnds {
    private var seen: UInt64 = 0
    private var finished: UInt64 = 0
    private let isSingle: Bool

    init(isSingle: Bool) {
        self.isSingle = isSingle
    }

    var areAllFinished: Bool { self.seen != 0 && self.finished == self.seen }

    /// Notes what `choices` says; the answer is whether it holds none.
    mutating func note(_ choices: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
        if self.isSingle, let choices, Self.isPlainlyOpen(choices, bytes) { return false }
        var walk = ArrayWalk(choices, in: bytes)
        var isEmpty = true
        while let choice = walk.next(in: bytes) {
            isEmpty = false
            var index = 0
            var isFinished = false
            var inside = ObjectWalk(choice, in: bytes)
            while let member = inside.next(in: bytes) {
                if JSONPeek.matches(bytes, member.key, "index") {
                    index = JSONPeek.integer(member.value, in: bytes) ?? 0
                } else if JSONPeek.matches(bytes, member.key, "finish_reason") {
                    isFinished = !JSONPeek.isNeutral(member.value, in: bytes)
                }
            }
            let bit: UInt64 = 1 << UInt64(min(index, 63))
            self.seen |= bit
            if isFinished { self.finished |= bit }
        }
        return isEmpty
    }

    /// Whether the only choice ends in the way OpenAI writes those that go on: nearly all events do, and are spared a
    /// second walk.
    private static func isPlainlyOpen(_ choices: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        let end: StaticString = #""finish_reason":null}]"#
        let start = choices.upperBound - end.utf8CodeUnitCount
        return start > choices.lowerBound && JSONPeek.matches(bytes, start..<choices.upperBound, end)
    }
}
