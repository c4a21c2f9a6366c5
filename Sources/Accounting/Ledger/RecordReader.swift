import Domain

/// Reads what ``RecordWriter`` wrote.
///
/// Total: any bytes are a record or an error.
struct RecordReader {
    enum Defect: Error, Equatable {
        /// The bytes end within a field.
        case cutOff
        /// A field that every record has is missing or means nothing.
        case incomplete
    }

    private var record = CallRecord(
        id: "",
        callID: "",
        startedAt: .distantPast,
        finishedAt: .distantPast,
        operation: .chatCompletions,
        isStream: false,
        requestedModel: "",
        status: 0,
        outcome: .failure
    )
    private var hasOperation = false
    private var hasOutcome = false
    private var flags: Int64 = 0
    private var total: Int64 = 0

    private init() {}

    static func read(_ bytes: Span<UInt8>) throws(Defect) -> CallRecord {
        var reader = RecordReader()
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 5 else { throw .cutOff }
            var length = 0
            for index in 0..<4 { length |= Int(bytes[position + 1 + index]) << (8 * index) }
            let start = position + 5
            guard length <= bytes.count - start else { throw .cutOff }
            if let field = RecordField(rawValue: bytes[position]) { reader.take(field, bytes, start..<start + length) }
            position = start + length
        }
        return try reader.finish()
    }

    private mutating func finish() throws(Defect) -> CallRecord {
        guard !self.record.id.isEmpty, self.hasOperation, self.hasOutcome else { throw .incomplete }
        if self.record.callID.isEmpty { self.record.callID = self.record.id }
        self.record.isStream = self.flags & RecordField.Flag.isStream != 0
        self.record.isCacheHit = self.flags & RecordField.Flag.isCacheHit != 0
        self.record.usage.isEstimate = self.flags & RecordField.Flag.usageIsEstimate != 0
        self.record.cost.isEstimate = self.flags & RecordField.Flag.costIsEstimate != 0
        self.record.cost.total = self.flags & RecordField.Flag.isPriced != 0 ? NanoDollars(self.total) : nil
        return self.record
    }

    private mutating func take(_ field: RecordField, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        switch field.rawValue {
        case 1..<30: self.takeCall(field, bytes, range)
        case 30..<50: self.takeCaller(field, bytes, range)
        case 50..<70: self.takeUsage(field, Int(Self.number(bytes, range)))
        default: self.takeCost(field, bytes, range)
        }
    }

    private mutating func takeCall(_ field: RecordField, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        switch field {
        case .id: self.record.id = Self.text(bytes, range)
        case .callID: self.record.callID = Self.text(bytes, range)
        case .startedAt: self.record.startedAt = WallTime(milliseconds: Self.number(bytes, range))
        case .firstByteAt: self.record.firstByteAt = WallTime(milliseconds: Self.number(bytes, range))
        case .finishedAt: self.record.finishedAt = WallTime(milliseconds: Self.number(bytes, range))
        case .operation:
            guard let operation = Operation(rawValue: Self.text(bytes, range)) else { return }
            self.record.operation = operation
            self.hasOperation = true
        case .flags: self.flags = Self.number(bytes, range)
        case .requestedModel: self.record.requestedModel = Self.text(bytes, range)
        case .modelGroup: self.record.modelGroup = Self.text(bytes, range)
        case .deploymentID: self.record.deploymentID = Self.text(bytes, range)
        case .provider: self.record.provider = Self.text(bytes, range)
        case .upstreamModel: self.record.upstreamModel = Self.text(bytes, range)
        case .apiBase: self.record.apiBase = Self.text(bytes, range)
        case .status: self.record.status = Int(Self.number(bytes, range))
        case .outcome:
            guard let outcome = CallOutcome(rawValue: Self.text(bytes, range)) else { return }
            self.record.outcome = outcome
            self.hasOutcome = true
        case .errorCode: self.record.errorCode = Self.text(bytes, range)
        case .errorMessage: self.record.errorMessage = Self.text(bytes, range)
        case .attempts: self.record.attempts = Int(Self.number(bytes, range))
        default: break
        }
    }

    private mutating func takeCaller(_ field: RecordField, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        switch field {
        case .key where range.count == 32:
            let start = range.lowerBound
            func word(_ index: Int) -> UInt64 {
                UInt64(bitPattern: Self.number(bytes, start + index * 8..<start + index * 8 + 8))
            }
            self.record.caller.key = KeyHash(words: (word(0), word(1), word(2), word(3)))
        case .keyAlias: self.record.caller.keyAlias = Self.text(bytes, range)
        case .userID: self.record.caller.userID = Self.text(bytes, range)
        case .teamID: self.record.caller.teamID = Self.text(bytes, range)
        case .organizationID: self.record.caller.organizationID = Self.text(bytes, range)
        case .endUserID: self.record.caller.endUserID = Self.text(bytes, range)
        case .tag: self.record.caller.tags.append(Self.text(bytes, range))
        case .address: self.record.caller.address = Self.text(bytes, range)
        case .sessionID: self.record.caller.sessionID = Self.text(bytes, range)
        default: break
        }
    }

    private mutating func takeUsage(_ field: RecordField, _ value: Int) {
        switch field {
        case .prompt: self.record.usage.prompt = value
        case .completion: self.record.usage.completion = value
        case .cacheReadTokens: self.record.usage.cacheRead = value
        case .cacheWriteTokens: self.record.usage.cacheWrite = value
        case .cacheWriteOneHour: self.record.usage.cacheWriteOneHour = value
        case .reasoningTokens: self.record.usage.reasoning = value
        case .audioInput: self.record.usage.audioInput = value
        case .audioOutput: self.record.usage.audioOutput = value
        case .searches: self.record.usage.searches = value
        default: break
        }
    }

    private mutating func takeCost(_ field: RecordField, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        let amount = NanoDollars(Self.number(bytes, range))
        switch field {
        case .total: self.total = amount.value
        case .inputCost: self.record.cost.input = amount
        case .cacheReadCost: self.record.cost.cacheRead = amount
        case .cacheWriteCost: self.record.cost.cacheWrite = amount
        case .outputCost: self.record.cost.output = amount
        case .reasoningCost: self.record.cost.reasoning = amount
        case .mediaCost: self.record.cost.media = amount
        case .extrasCost: self.record.cost.extras = amount
        case .costSource: self.record.cost.source = Self.text(bytes, range)
        default: break
        }
    }

    /// 0 where the value is not eight bytes.
    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64 {
        guard range.count == 8 else { return 0 }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[range.lowerBound + index]) << UInt64(8 * index) }
        return Int64(bitPattern: value)
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        for index in range { text.append(bytes[index]) }
        return String(decoding: text, as: UTF8.self)
    }
}
