/// The last state that was loaded from the store, kept where a start finds it while the store is away.
package protocol LastGoodState: Sendable {
    /// Replaces what was kept.
    ///
    /// `records`: all but the keys that `keys` hands on.
    ///
    /// `keys`: calls what it is given with each key.
    func save(
        _ records: RecordSet,
        keys: @escaping @Sendable ((VirtualKey) -> Void) -> Void
    ) async throws(StoreError)
    /// Reads what was kept.
    ///
    /// - Returns: nil when nothing was.
    /// - Throws: `corrupt` when it cannot be read.
    func load() async throws(StoreError) -> RecordSet?
    /// Replaces what was kept of spend.
    ///
    /// - Throws: `unavailable` when it cannot be written.
    func saveSpend(_ spend: [KeptSpend]) async throws(StoreError)
    /// Reads what was kept of spend.
    ///
    /// - Returns: nothing when nothing was.
    /// - Throws: `corrupt` when it cannot be read.
    func loadSpend() async throws(StoreError) -> [KeptSpend]
}

/// What a subject had spent in the window of one budget, as a process knew it.
package struct KeptSpend: Sendable, Equatable, Codable {
    package var kind: SubjectKind
    package var id: String
    package var model: String?
    /// Nil for the lifetime.
    package var period: BudgetPeriod?
    /// When the window began, or was last reset.
    package var start: WallTime
    package var spent: NanoDollars

    package init(
        _ kind: SubjectKind,
        _ id: String,
        model: String? = nil,
        period: BudgetPeriod?,
        start: WallTime,
        spent: NanoDollars
    ) {
        self.kind = kind
        self.id = id
        self.model = model
        self.period = period
        self.start = start
        self.spent = spent
    }
}
