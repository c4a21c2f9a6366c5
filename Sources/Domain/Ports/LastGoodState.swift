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
}
