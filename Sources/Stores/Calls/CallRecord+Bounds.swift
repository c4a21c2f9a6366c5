import Domain

extension CallRecord {
    /// Bytes.
    ///
    /// Rows of PostgreSQL's indexes have at most some 2,700, and a subject's id is one of four columns of one.
    private static var longestName: Int { 400 }
    private static var longestText: Int { 4000 }
    /// Tokens and the like.
    ///
    /// A sum leaves 64 bits after nine thousand million such counts.
    private static var largestCount: Int64 { 1_000_000_000 }
    /// Nano-dollars: a million dollars a call.
    private static var largestAmount: Int64 { 1_000_000_000_000_000 }
    private static var mostTags: Int { 64 }

    /// The record as it fits into the ledger.
    ///
    /// Much of a record is a client's or a provider's word. A batch that the database refuses for one such word would be
    /// tried again for ever, so words have an end, counts and amounts have bounds, and no time lies before 1970.
    var bounded: CallRecord {
        var record = self
        record.id = Self.name(self.id)
        record.callID = Self.name(self.callID)
        record.startedAt = Self.time(self.startedAt)
        record.firstByteAt = self.firstByteAt.map(Self.time)
        record.finishedAt = Self.time(self.finishedAt)
        record.caller.keyAlias = self.caller.keyAlias.map(Self.name)
        record.caller.userID = self.caller.userID.map(Self.name)
        record.caller.teamID = self.caller.teamID.map(Self.name)
        record.caller.organizationID = self.caller.organizationID.map(Self.name)
        record.caller.endUserID = self.caller.endUserID.map(Self.name)
        if !self.caller.tags.isEmpty { record.caller.tags = Self.tags(self.caller.tags) }
        record.caller.address = self.caller.address.map(Self.name)
        record.caller.sessionID = self.caller.sessionID.map(Self.name)
        record.requestedModel = Self.name(self.requestedModel)
        record.modelGroup = self.modelGroup.map(Self.name)
        record.deploymentID = self.deploymentID.map(Self.name)
        record.provider = self.provider.map(Self.name)
        record.upstreamModel = self.upstreamModel.map(Self.name)
        record.apiBase = self.apiBase.map { Self.text($0, Self.longestText) }
        record.usage.bound(Self.count)
        record.cost.bound(Self.money)
        record.errorCode = self.errorCode.map(Self.name)
        record.errorMessage = self.errorMessage.map { Self.text($0, Self.longestText) }
        return record
    }

    private static func name(_ text: String) -> String { Self.text(text, Self.longestName) }

    /// A tag counts once however often it is named.
    private static func tags(_ tags: [String]) -> [String] {
        var seen: Set<String> = []
        return tags.prefix(Self.mostTags).map(Self.name).filter { seen.insert($0).inserted }
    }

    private static func text(_ text: String, _ limit: Int) -> String {
        let text = SQLValue.storable(text)
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        // Back to where a scalar begins.
        while end > text.startIndex, text.utf8[end] & 0xc0 == 0x80 { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    private static func time(_ time: WallTime) -> WallTime {
        // Up to the year 5000.
        WallTime(milliseconds: min(max(time.milliseconds, 0), 95_617_584_000_000))
    }

    private static func count(_ count: Int) -> Int { Int(min(max(Int64(count), 0), Self.largestCount)) }

    /// A provider may give money back, so an amount may be negative.
    private static func money(_ amount: NanoDollars) -> NanoDollars {
        NanoDollars(min(max(amount.value, -Self.largestAmount), Self.largestAmount))
    }
}

extension TokenUsage {
    fileprivate mutating func bound(_ bounded: (Int) -> Int) {
        self.prompt = bounded(self.prompt)
        self.completion = bounded(self.completion)
        self.cacheRead = bounded(self.cacheRead)
        self.cacheWrite = bounded(self.cacheWrite)
        self.cacheWriteOneHour = bounded(self.cacheWriteOneHour)
        self.reasoning = bounded(self.reasoning)
        self.audioInput = bounded(self.audioInput)
        self.audioOutput = bounded(self.audioOutput)
        self.searches = bounded(self.searches)
    }
}

extension CallCost {
    fileprivate mutating func bound(_ bounded: (NanoDollars) -> NanoDollars) {
        self.total = self.total.map(bounded)
        self.input = bounded(self.input)
        self.cacheRead = bounded(self.cacheRead)
        self.cacheWrite = bounded(self.cacheWrite)
        self.output = bounded(self.output)
        self.reasoning = bounded(self.reasoning)
        self.media = bounded(self.media)
        self.extras = bounded(self.extras)
    }
}
