import Domain

/// The columns of the ledger's records, and how a record fits into them.
///
/// Lists, writer and reader name the columns in one order; a test sends records with every field set through them.
enum CallColumns {
    static let all: [SQLInsert.Column] = [
        .init("id", .text), .init("call_id", .text), .init("started_at", .integer), .init("first_byte_at", .integer),
        .init("finished_at", .integer), .init("key_hash", .text), .init("key_alias", .text), .init("user_id", .text),
        .init("team_id", .text), .init("organization_id", .text), .init("end_user_id", .text), .init("tags", .text),
        .init("address", .text), .init("session_id", .text), .init("operation", .text), .init("is_stream", .integer),
        .init("requested_model", .text), .init("model_group", .text), .init("deployment_id", .text),
        .init("provider", .text), .init("upstream_model", .text), .init("api_base", .text),
        .init("prompt_tokens", .integer), .init("completion_tokens", .integer), .init("cache_read_tokens", .integer),
        .init("cache_write_tokens", .integer), .init("cache_write_hour_tokens", .integer),
        .init("reasoning_tokens", .integer), .init("audio_input_tokens", .integer),
        .init("audio_output_tokens", .integer), .init("searches", .integer), .init("is_usage_estimate", .integer),
        .init("cost", .integer), .init("input_cost", .integer), .init("cache_read_cost", .integer),
        .init("cache_write_cost", .integer), .init("output_cost", .integer), .init("reasoning_cost", .integer),
        .init("media_cost", .integer), .init("extras_cost", .integer), .init("is_cost_estimate", .integer),
        .init("price_source", .text), .init("status", .integer), .init("outcome", .text), .init("error_code", .text),
        .init("error_message", .text), .init("attempts", .integer), .init("is_cache_hit", .integer),
    ]

    /// Those that may be NULL.
    static let optional: Set<String> = [
        "first_byte_at", "key_hash", "key_alias", "user_id", "team_id", "organization_id", "end_user_id", "tags",
        "address", "session_id", "model_group", "deployment_id", "provider", "upstream_model", "api_base", "cost",
        "price_source", "error_code", "error_message",
    ]

    static let list = Self.all.map(\.name).joined(separator: ", ")
    static let qualifiedList = Self.all.map { "calls.\($0.name)" }.joined(separator: ", ")

    /// Appends the record's values; it must be ``bounded(_:)``.
    static func append(_ record: CallRecord, to values: inout [SQLValue]) throws(StoreError) {
        let caller = record.caller
        let usage = record.usage
        let cost = record.cost
        values += [
            .text(record.id), .text(record.callID), .integer(record.startedAt.milliseconds),
            record.firstByteAt.map { .integer($0.milliseconds) } ?? .null,
            .integer(record.finishedAt.milliseconds), SQLValue(caller.key?.hex), SQLValue(caller.keyAlias),
            SQLValue(caller.userID),
        ]
        values += [
            SQLValue(caller.teamID), SQLValue(caller.organizationID), SQLValue(caller.endUserID),
            caller.tags.isEmpty ? .null : .text(try DocumentEncoder().encode(caller.tags)),
            SQLValue(caller.address), SQLValue(caller.sessionID), .text(record.operation.rawValue),
            SQLValue(record.isStream), .text(record.requestedModel), SQLValue(record.modelGroup),
            SQLValue(record.deploymentID), SQLValue(record.provider), SQLValue(record.upstreamModel),
            SQLValue(record.apiBase),
        ]
        values += [
            SQLValue(usage.prompt), SQLValue(usage.completion), SQLValue(usage.cacheRead), SQLValue(usage.cacheWrite),
            SQLValue(usage.cacheWriteOneHour), SQLValue(usage.reasoning), SQLValue(usage.audioInput),
            SQLValue(usage.audioOutput), SQLValue(usage.searches), SQLValue(usage.isEstimate),
        ]
        values += [
            cost.total.map { .integer($0.value) } ?? .null, .integer(cost.input.value), .integer(cost.cacheRead.value),
            .integer(cost.cacheWrite.value), .integer(cost.output.value), .integer(cost.reasoning.value),
            .integer(cost.media.value), .integer(cost.extras.value), SQLValue(cost.isEstimate), SQLValue(cost.source),
        ]
        values += [
            SQLValue(record.status), .text(record.outcome.rawValue), SQLValue(record.errorCode),
            SQLValue(record.errorMessage), SQLValue(record.attempts), SQLValue(record.isCacheHit),
        ]
    }

    /// Reads a row whose columns are ``all``.
    ///
    /// - Throws: `corrupt` for an operation or an outcome that this version does not know.
    static func read(_ row: any SQLRow) throws(StoreError) -> CallRecord {
        guard let operation = Operation(rawValue: row.text(14)) else { throw StoreError(.corrupt, "calls.operation") }
        guard let outcome = CallOutcome(rawValue: row.text(43)) else { throw StoreError(.corrupt, "calls.outcome") }
        var record = CallRecord(
            id: row.text(0),
            callID: row.text(1),
            startedAt: WallTime(milliseconds: row.integer(2)),
            finishedAt: WallTime(milliseconds: row.integer(4)),
            operation: operation,
            isStream: row.flag(15),
            requestedModel: row.text(16),
            status: row.count(42),
            outcome: outcome
        )
        record.firstByteAt = row.integerIfAny(3).map(WallTime.init(milliseconds:))
        record.caller = try Self.caller(row)
        record.modelGroup = row.textIfAny(17)
        record.deploymentID = row.textIfAny(18)
        record.provider = row.textIfAny(19)
        record.upstreamModel = row.textIfAny(20)
        record.apiBase = row.textIfAny(21)
        record.usage = Self.usage(row)
        record.cost = Self.cost(row)
        record.errorCode = row.textIfAny(44)
        record.errorMessage = row.textIfAny(45)
        record.attempts = row.count(46)
        record.isCacheHit = row.flag(47)
        return record
    }

    private static func caller(_ row: any SQLRow) throws(StoreError) -> CallerRecord {
        var caller = CallerRecord()
        caller.key = row.textIfAny(5).flatMap { KeyHash(hex: $0) }
        caller.keyAlias = row.textIfAny(6)
        caller.userID = row.textIfAny(7)
        caller.teamID = row.textIfAny(8)
        caller.organizationID = row.textIfAny(9)
        caller.endUserID = row.textIfAny(10)
        if !row.isNull(11) { caller.tags = try DocumentReader().read([String].self, row, 11) }
        caller.address = row.textIfAny(12)
        caller.sessionID = row.textIfAny(13)
        return caller
    }

    private static func usage(_ row: any SQLRow) -> TokenUsage {
        TokenUsage(
            prompt: row.count(22),
            completion: row.count(23),
            cacheRead: row.count(24),
            cacheWrite: row.count(25),
            cacheWriteOneHour: row.count(26),
            reasoning: row.count(27),
            audioInput: row.count(28),
            audioOutput: row.count(29),
            searches: row.count(30),
            isEstimate: row.flag(31)
        )
    }

    private static func cost(_ row: any SQLRow) -> CallCost {
        var cost = CallCost()
        cost.total = row.integerIfAny(32).map(NanoDollars.init)
        cost.input = NanoDollars(row.integer(33))
        cost.cacheRead = NanoDollars(row.integer(34))
        cost.cacheWrite = NanoDollars(row.integer(35))
        cost.output = NanoDollars(row.integer(36))
        cost.reasoning = NanoDollars(row.integer(37))
        cost.media = NanoDollars(row.integer(38))
        cost.extras = NanoDollars(row.integer(39))
        cost.isEstimate = row.flag(40)
        cost.source = row.textIfAny(41)
        return cost
    }
}
