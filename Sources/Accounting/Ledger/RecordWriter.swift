import Domain

/// Writes a call's record in the journal's form, straight into the memory it is to stand in.
///
/// A record is a list of fields: a tag byte, the length of the value as four bytes (little endian), the value. Fields that
/// are nil, zero or empty are left out. A reader skips tags that it does not know, so newer records can be read by older
/// programs. Numbers are eight bytes, little endian.
struct RecordWriter: ~Copyable {
    private let target: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    /// Set when something did not fit: what was written is then of no use.
    private(set) var isTooLarge = false

    /// Longer texts are cut, so that no record is larger than a segment.
    static let longestText = 4096

    init(_ target: UnsafeMutableRawBufferPointer) {
        self.target = target
    }

    mutating func write(_ record: borrowing CallRecord) {
        self.text(.id, record.id)
        if record.callID != record.id { self.text(.callID, record.callID) }
        self.number(.startedAt, record.startedAt.milliseconds)
        if let time = record.firstByteAt { self.number(.firstByteAt, time.milliseconds) }
        self.number(.finishedAt, record.finishedAt.milliseconds)
        self.text(.operation, record.operation.rawValue)
        self.number(.flags, Self.flags(record))
        self.text(.requestedModel, record.requestedModel)
        self.text(.modelGroup, record.modelGroup)
        self.text(.deploymentID, record.deploymentID)
        self.text(.provider, record.provider)
        self.text(.upstreamModel, record.upstreamModel)
        self.text(.apiBase, record.apiBase)
        self.number(.status, Int64(record.status))
        self.text(.outcome, record.outcome.rawValue)
        self.text(.errorCode, record.errorCode)
        self.text(.errorMessage, record.errorMessage)
        self.number(.attempts, Int64(record.attempts))
        self.write(record.caller)
        self.write(record.usage)
        self.write(record.cost)
    }

    private static func flags(_ record: borrowing CallRecord) -> Int64 {
        var flags: Int64 = record.isStream ? RecordField.Flag.isStream : 0
        if record.isCacheHit { flags |= RecordField.Flag.isCacheHit }
        if record.usage.isEstimate { flags |= RecordField.Flag.usageIsEstimate }
        if record.cost.isEstimate { flags |= RecordField.Flag.costIsEstimate }
        if record.cost.total != nil { flags |= RecordField.Flag.isPriced }
        return flags
    }

    private mutating func write(_ caller: CallerRecord) {
        if let key = caller.key {
            self.begin(.key, 32)
            self.raw(key.words.0)
            self.raw(key.words.1)
            self.raw(key.words.2)
            self.raw(key.words.3)
        }
        self.text(.keyAlias, caller.keyAlias)
        self.text(.userID, caller.userID)
        self.text(.teamID, caller.teamID)
        self.text(.organizationID, caller.organizationID)
        self.text(.endUserID, caller.endUserID)
        for tag in caller.tags { self.text(.tag, tag) }
        self.text(.address, caller.address)
        self.text(.sessionID, caller.sessionID)
    }

    private mutating func write(_ usage: TokenUsage) {
        self.number(.prompt, Int64(usage.prompt))
        self.number(.completion, Int64(usage.completion))
        self.number(.cacheReadTokens, Int64(usage.cacheRead))
        self.number(.cacheWriteTokens, Int64(usage.cacheWrite))
        self.number(.cacheWriteOneHour, Int64(usage.cacheWriteOneHour))
        self.number(.reasoningTokens, Int64(usage.reasoning))
        self.number(.audioInput, Int64(usage.audioInput))
        self.number(.audioOutput, Int64(usage.audioOutput))
        self.number(.searches, Int64(usage.searches))
    }

    private mutating func write(_ cost: CallCost) {
        if let total = cost.total { self.number(.total, total.value) }
        self.number(.inputCost, cost.input.value)
        self.number(.cacheReadCost, cost.cacheRead.value)
        self.number(.cacheWriteCost, cost.cacheWrite.value)
        self.number(.outputCost, cost.output.value)
        self.number(.reasoningCost, cost.reasoning.value)
        self.number(.mediaCost, cost.media.value)
        self.number(.extrasCost, cost.extras.value)
        self.text(.costSource, cost.source)
    }

    // MARK: Fields

    private mutating func number(_ field: RecordField, _ value: Int64) {
        guard value != 0 else { return }
        self.begin(field, 8)
        self.raw(UInt64(bitPattern: value))
    }

    private mutating func text(_ field: RecordField, _ value: String?) {
        guard var text = value, !text.isEmpty else { return }
        text.withUTF8 { bytes in
            var length = min(bytes.count, Self.longestText)
            // A character is not cut in two.
            while length < bytes.count, length > 0, bytes[length] & 0xc0 == 0x80 { length -= 1 }
            self.begin(field, length)
            guard !self.isTooLarge else { return }
            let place = UnsafeMutableRawBufferPointer(rebasing: self.target[self.count..<self.count + length])
            place.copyBytes(from: bytes[..<length])
            self.count += length
        }
    }

    /// Writes a field's head, if head and value fit.
    private mutating func begin(_ field: RecordField, _ length: Int) {
        guard !self.isTooLarge, self.count + 5 + length <= self.target.count else {
            self.isTooLarge = true
            return
        }
        self.target.storeBytes(of: field.rawValue, toByteOffset: self.count, as: UInt8.self)
        self.target.storeBytes(of: UInt32(length).littleEndian, toByteOffset: self.count + 1, as: UInt32.self)
        self.count += 5
    }

    private mutating func raw(_ value: UInt64) {
        guard !self.isTooLarge else { return }
        self.target.storeBytes(of: value.littleEndian, toByteOffset: self.count, as: UInt64.self)
        self.count += 8
    }
}
