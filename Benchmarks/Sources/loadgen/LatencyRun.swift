import NIOCore

/// Sends one request after the other on one connection and times each from its write to the last byte of its answer.
///
/// Confined to its event loop.
final class LatencyRun {
    struct Summary {
        let sorted: [Int64]

        /// Microseconds.
        private func percentile(_ share: Double) -> Double {
            Double(self.sorted[Int(Double(self.sorted.count - 1) * share)]) / 1e3
        }

        private var mean: Double {
            Double(self.sorted.reduce(0, +)) / Double(self.sorted.count) / 1e3
        }

        var json: String {
            #"{"requests": \#(self.sorted.count), "p50": \#(self.percentile(0.5)), "#
                + #""p99": \#(self.percentile(0.99)), "mean": \#(self.mean)}"#
        }
    }

    /// Requests before the timed ones: caches, pools and branch predictors get warm.
    private static let warmUp = 200

    private let options: Options
    private let finished: EventLoopPromise<Summary>
    private var nanoseconds: [Int64] = []
    private var answers = 0
    private var sent = NIODeadline.now()
    private var isOver = false

    private init(_ options: Options, on eventLoop: any EventLoop) {
        self.options = options
        self.finished = eventLoop.makePromise()
        self.nanoseconds.reserveCapacity(options.requests)
    }

    static func start(_ options: Options, on eventLoop: any EventLoop) -> EventLoopFuture<Summary> {
        eventLoop.flatSubmit {
            let run = LatencyRun(options, on: eventLoop)
            options.connect(
                on: eventLoop,
                receive: { connection, part in run.receive(part, on: connection) },
                opened: { result in
                    switch result {
                    case .success(let connection): run.send(on: connection)
                    case .failure(let error): run.fail(error)
                    }
                }
            )
            return run.finished.futureResult
        }
    }

    private func send(on connection: Connection) {
        self.sent = .now()
        connection.send()
    }

    private func receive(_ part: Result<ResponseParser.Part, LoadError>, on connection: Connection) {
        switch part {
        case .success(.head(200)), .success(.body):
            return
        case .success(.head(let status)):
            self.fail(.failed("status \(status)"))
        case .success(.end):
            self.end(on: connection)
        case .failure(let error):
            self.fail(error)
        }
    }

    private func end(on connection: Connection) {
        let elapsed = NIODeadline.now() - self.sent
        self.answers += 1
        if self.answers > Self.warmUp { self.nanoseconds.append(elapsed.nanoseconds) }
        guard self.nanoseconds.count < self.options.requests else {
            self.isOver = true
            self.finished.succeed(Summary(sorted: self.nanoseconds.sorted()))
            connection.close()
            return
        }
        self.send(on: connection)
    }

    private func fail(_ error: LoadError) {
        guard !self.isOver else { return }
        self.isOver = true
        self.finished.fail(error)
    }
}
