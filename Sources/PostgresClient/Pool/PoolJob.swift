/// What waits for a connection.
///
/// Exactly one of its two closures is called, once: whoever takes it out of the queue, under the pool's lock, does it.
struct PoolJob: Sendable {
    let id: UInt64
    let deadline: ContinuousClock.Instant
    /// On a thread of the pool.
    let run: @Sendable (PostgresConnection) -> Void
    let fail: @Sendable (PostgresError) -> Void
}
