import NIOPosix
import Synchronization

/// Connections to a database, each of which serves one job at a time on a thread of the pool.
///
/// Jobs are served in the order they come. Connections are made when jobs need them, and made again when they broke.
/// When no connection can be made, jobs fail at once with the reason, until it is time for the next attempt, which one
/// job at a time waits for. Callers may be anywhere: waiting is asynchronous, and only the pool's threads block.
///
/// Must be closed before it is let go.
package final class PostgresPool: Sendable {
    private typealias State = PoolState<LentConnection>

    package let options: PostgresOptions
    private let dialer: PostgresDialer
    private let threads: NIOThreadPool
    private let state: Mutex<State>
    private let lastID = Atomic<UInt64>(0)
    /// Sockets of connections at work, to cut them off when the pool must close at once.
    private let atWork = Mutex<[ObjectIdentifier: SocketGuard]>([:])
    private let end = PoolEnd()

    package init(_ options: PostgresOptions) {
        self.options = options
        self.dialer = PostgresDialer(options)
        self.threads = NIOThreadPool(numberOfThreads: max(options.size, 1))
        self.state = Mutex(
            State(
                size: options.size,
                queueLimit: options.queueLimit,
                backOff: BackOff(first: options.firstPause, longest: options.longestPause)
            )
        )
        self.threads.start()
    }

    /// Runs `body` with a connection, which must not leave it, outside of any transaction.
    ///
    /// `timeout`: for waiting and running together; nil is the options' own.
    ///
    /// Throws what `body` throws, or why it was not run. A job whose task is cancelled is taken from the queue; one
    /// that runs ends by itself.
    package func withConnection<Result: Sendable>(
        within timeout: Duration? = nil,
        _ body: @escaping @Sendable (PostgresConnection) throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        try await self.withConnection(until: .now + (timeout ?? self.options.timeout), body)
    }

    func withConnection<Result: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (PostgresConnection) throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        let id = self.lastID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Cancelled as soon as the job has ended, which is what the error would say.
                    try? await Task.sleep(until: deadline, clock: .continuous)
                    if !Task.isCancelled { self.giveUp(id, .late) }
                }
                let outcome = await withCheckedContinuation { continuation in
                    self.submit(id, deadline, continuation, body)
                    if Task.isCancelled { self.giveUp(id, .cancelled) }
                }
                group.cancelAll()
                return outcome
            }
        } onCancel: {
            self.giveUp(id, .cancelled)
        }.get()
    }

    /// How the pool does.
    package var health: PostgresPoolHealth {
        self.state.withLock { state in
            PostgresPoolHealth(
                connections: state.live,
                idle: state.idle.count,
                waiting: state.jobs.count,
                outage: state.outage
            )
        }
    }

    /// Fails the jobs that wait, lets those that run end, and closes all connections.
    ///
    /// - Parameter grace: how long jobs may still run; then their connections are cut off.
    package func close(grace: Duration = .seconds(5)) async {
        let (jobs, idle) = self.state.withLock { $0.close() }
        for job in jobs { job.fail(.closed) }
        withExtendedLifetime(idle) {}
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled as soon as the jobs have ended.
                try? await Task.sleep(for: grace)
                guard !Task.isCancelled else { return }
                for socket in self.atWork.withLock({ Array($0.values) }) { socket.cutOff() }
            }
            self.noteEnd()
            await self.end.wait()
            group.cancelAll()
        }
        // Fails only when the threads are shut down already, by another call of this.
        try? await self.threads.shutdownGracefully()
    }

    private func noteEnd() {
        if self.state.withLock({ $0.isClosed && $0.workers == 0 }) { self.end.reach() }
    }
}

// MARK: - Jobs

extension PostgresPool {
    private func submit<Result: Sendable>(
        _ id: UInt64,
        _ deadline: ContinuousClock.Instant,
        _ continuation: CheckedContinuation<Swift.Result<Result, PostgresError>, Never>,
        _ body: @escaping @Sendable (PostgresConnection) throws(PostgresError) -> Result
    ) {
        let job = PoolJob(
            id: id,
            deadline: deadline,
            run: { connection in
                connection.deadline = deadline
                do throws(PostgresError) {
                    continuation.resume(returning: .success(try body(connection)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            },
            fail: { continuation.resume(returning: .failure($0)) }
        )
        self.take(self.state.withLock { $0.submit(job, now: .now) })
    }

    private func giveUp(_ id: UInt64, _ error: PostgresError) {
        self.state.withLock { $0.remove(id) }?.fail(error)
    }

    private func take(_ consequences: State.Consequences) {
        for failed in consequences.failed { failed.job.fail(failed.error) }
        for work in consequences.work {
            self.threads.submit { _ in
                switch work {
                case .serve(let lent): self.serve(lent)
                case .connect: self.connect()
                }
            }
        }
    }
}

// MARK: - On a thread of the pool

extension PostgresPool {
    private func connect() {
        let begun = ContinuousClock.now
        do throws(PostgresError) {
            let lent = LentConnection(connection: try self.dialer.connect())
            self.state.withLock { $0.connected() }
            self.serve(lent)
        } catch {
            let random = Double.random(in: 0...1)
            self.take(self.state.withLock { $0.failed(error, begun: begun, now: .now, random: random) })
            self.noteEnd()
        }
    }

    /// Serves one job after the other until none waits or the connection is of no further use.
    private func serve(_ lent: LentConnection) {
        let connection = lent.connection
        let key = ObjectIdentifier(connection)
        self.atWork.withLock { $0[key] = connection.socketGuard }
        defer {
            _ = self.atWork.withLock { $0.removeValue(forKey: key) }
            self.noteEnd()
        }
        guard connection.isUsable else {
            self.take(self.state.withLock { $0.lost(isSeeking: true, now: .now) })
            return
        }
        while let job = self.state.withLock({ $0.claim(lent) }) {
            guard job.deadline > .now else {
                job.fail(.late)
                self.state.withLock { $0.done() }
                continue
            }
            job.run(connection)
            if connection.isInTransaction { connection.rollback() }
            guard connection.isUsable else {
                self.take(self.state.withLock { $0.lost(isSeeking: false, now: .now) })
                return
            }
            self.state.withLock { $0.done() }
        }
    }
}

extension PostgresError {
    fileprivate static let late = PostgresError(.timedOut, "no connection was free in time")
    fileprivate static let cancelled = PostgresError(.cancelled, "the task that asked was cancelled")
}
