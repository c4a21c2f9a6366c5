/// Which connections a pool has, which jobs wait for them, and when the next attempt to connect may be made.
///
/// A value without threads or clocks. A *worker* is a thread that was told to serve or to connect; it *seeks* until it
/// has taken a job. There are never more workers than the pool's size.
struct PoolState<Connection: Sendable>: Sendable {
    /// What a thread is to do.
    enum Work: Sendable {
        case serve(Connection)
        case connect
    }

    /// What follows from a change: threads to start and jobs to fail, both outside of the lock.
    struct Consequences: Sendable {
        var work: [Work] = []
        var failed: [(job: PoolJob, error: PostgresError)] = []
    }

    private let size: Int
    private let queueLimit: Int
    private var backOff: BackOff
    private(set) var jobs: [PoolJob] = []
    private(set) var idle: [Connection] = []
    /// Connections, idle ones and those at work.
    private(set) var live = 0
    private(set) var connecting = 0
    private var seeking = 0
    private(set) var isClosed = false

    init(size: Int, queueLimit: Int, backOff: BackOff) {
        self.size = max(size, 1)
        self.queueLimit = queueLimit
        self.backOff = backOff
    }

    /// Threads at work.
    var workers: Int { self.live - self.idle.count + self.connecting }
    /// Why there is no connection; nil when there is one, or none has been tried.
    var outage: PostgresError? { self.live == 0 ? self.backOff.failure : nil }

    /// Puts a job at the end of the queue, or fails it at once: when the pool is closed, the queue is full, or there is
    /// no connection and it is not yet time to try again, or somebody else tries.
    mutating func submit(_ job: PoolJob, now: ContinuousClock.Instant) -> Consequences {
        if self.isClosed { return Consequences(failed: [(job, .closed)]) }
        if let outage = self.outage, self.connecting > 0 || !self.backOff.allowsAttempt(at: now) {
            return Consequences(failed: [(job, outage)])
        }
        guard self.jobs.count < self.queueLimit else {
            return Consequences(failed: [(job, PostgresError(.busy, "too many jobs wait for a connection"))])
        }
        self.jobs.append(job)
        return self.pump(now: now)
    }

    /// Takes a job out of the queue before its turn; nil when it was taken already.
    mutating func remove(_ id: UInt64) -> PoolJob? {
        guard let index = self.jobs.firstIndex(where: { $0.id == id }) else { return nil }
        return self.jobs.remove(at: index)
    }

    /// Gives a seeking worker its job, or takes its connection back.
    mutating func claim(_ connection: Connection) -> PoolJob? {
        self.seeking -= 1
        if !self.jobs.isEmpty { return self.jobs.removeFirst() }
        if self.isClosed { self.live -= 1 } else { self.idle.append(connection) }
        return nil
    }

    /// A worker has done its job and seeks another.
    mutating func done() {
        self.seeking += 1
    }

    /// A worker has no connection any more.
    mutating func lost(isSeeking: Bool, now: ContinuousClock.Instant) -> Consequences {
        if isSeeking { self.seeking -= 1 }
        self.live -= 1
        return self.pump(now: now)
    }

    /// A connecting worker has made a connection, and seeks a job for it.
    mutating func connected() {
        self.backOff.succeeded()
        self.connecting -= 1
        self.live += 1
    }

    /// A connecting worker has not made a connection, and is none any more.
    mutating func failed(
        _ error: PostgresError,
        begun: ContinuousClock.Instant,
        now: ContinuousClock.Instant,
        random: Double
    ) -> Consequences {
        self.backOff.failed(error, begun: begun, now: now, random: random)
        self.connecting -= 1
        self.seeking -= 1
        return self.pump(now: now)
    }

    /// Lets nobody in any more.
    ///
    /// - Returns: the jobs that have not begun, and the idle connections, which the caller drops outside of the lock.
    mutating func close() -> (jobs: [PoolJob], idle: [Connection]) {
        self.isClosed = true
        defer {
            self.jobs = []
            self.live -= self.idle.count
            self.idle = []
        }
        return (self.jobs, self.idle)
    }

    /// Finds a worker for each job that has none, as far as there are connections or may be.
    private mutating func pump(now: ContinuousClock.Instant) -> Consequences {
        var consequences = Consequences()
        while self.jobs.count > self.seeking {
            if let connection = self.idle.popLast() {
                consequences.work.append(.serve(connection))
            } else if self.live + self.connecting < self.size, self.mayConnect(now: now) {
                self.connecting += 1
                consequences.work.append(.connect)
            } else {
                break
            }
            self.seeking += 1
        }
        if self.live == 0, self.connecting == 0, !self.jobs.isEmpty {
            let error = self.backOff.failure ?? PostgresError(.unreachable, "the connection is lost")
            consequences.failed = self.jobs.map { ($0, error) }
            self.jobs = []
        }
        return consequences
    }

    private func mayConnect(now: ContinuousClock.Instant) -> Bool {
        guard self.backOff.failure != nil else { return true }
        return self.connecting == 0 && self.backOff.allowsAttempt(at: now)
    }
}

extension PostgresError {
    static let closed = PostgresError(.closed, "the pool is closed")
}
