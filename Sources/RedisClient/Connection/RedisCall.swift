package import NIOCore

/// A command under way: who hears of its end, and until when it is waited for.
package struct RedisCall: Sendable {
    package typealias Outcome = Result<RedisReply, RedisError>

    package var command: RedisCommand
    package var deadline: NIODeadline
    /// Called once, on an event loop or where the call was made; must not block.
    package var completion: @Sendable (Outcome) -> Void
    /// Called once after a completion with `.timedOut` when the command had been sent: with the reply that came late,
    /// or with the error that says it never will.
    package var afterTimeout: (@Sendable (Outcome) -> Void)?
    /// Which of a server's connections it takes; commands on one are carried out in their order.
    ///
    /// Nil: any.
    package var lane: Int?
    /// Sent right before the command on the same connection, as `ASKING` must be; its answer is dropped.
    var prelude: RedisCommand?

    package init(
        _ command: RedisCommand,
        deadline: NIODeadline,
        lane: Int? = nil,
        afterTimeout: (@Sendable (Outcome) -> Void)? = nil,
        completion: @escaping @Sendable (Outcome) -> Void
    ) {
        self.command = command
        self.deadline = deadline
        self.lane = lane
        self.afterTimeout = afterTimeout
        self.completion = completion
        self.prelude = nil
    }
}
