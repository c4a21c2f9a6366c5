/// The fields of a record in the journal.
///
/// Numbers are for ever: a field that is given up leaves a gap.
enum RecordField: UInt8 {
    case id = 1
    case callID = 2
    case startedAt = 3
    case firstByteAt = 4
    case finishedAt = 5
    case operation = 6
    case flags = 7
    case requestedModel = 8
    case modelGroup = 9
    case deploymentID = 10
    case provider = 11
    case upstreamModel = 12
    case apiBase = 13
    case status = 14
    case outcome = 15
    case errorCode = 16
    case errorMessage = 17
    case attempts = 18
    case key = 30
    case keyAlias = 31
    case userID = 32
    case teamID = 33
    case organizationID = 34
    case endUserID = 35
    /// May come several times.
    case tag = 36
    case address = 37
    case sessionID = 38
    case prompt = 50
    case completion = 51
    case cacheReadTokens = 52
    case cacheWriteTokens = 53
    case cacheWriteOneHour = 54
    case reasoningTokens = 55
    case audioInput = 56
    case audioOutput = 57
    case searches = 58
    case total = 70
    case inputCost = 71
    case cacheReadCost = 72
    case cacheWriteCost = 73
    case outputCost = 74
    case reasoningCost = 75
    case mediaCost = 76
    case extrasCost = 77
    case costSource = 78

    enum Flag {
        static let isStream: Int64 = 1
        static let isCacheHit: Int64 = 2
        static let usageIsEstimate: Int64 = 4
        static let costIsEstimate: Int64 = 8
        /// The total is known; where it is zero it has no field.
        static let isPriced: Int64 = 16
    }
}
