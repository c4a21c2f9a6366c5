import NIOCore

/// Holds a number of streams open at the same time: a stream that ends is started again until the time is over.
///
/// Streams in progress when the time is over run to their end, so every stream is checked: status 200, the least
/// number of events, `[DONE]` as the last of them. A stream that fails is counted and not started again.
/// Confined to its event loop.
final class StreamsRun {
    struct Tally {
        var events = 0
        var completed = 0
        var errors = 0
        var firstError: String?
        /// The most streams that were past their first event and not yet at their end.
        var peakOpen = 0
        var seconds = 0.0

        var json: String {
            """
            {"events": \(self.events), "streams_completed": \(self.completed), "errors": \(self.errors), \
            "peak_open": \(self.peakOpen), "seconds": \(self.seconds), \
            "first_error": \(self.firstError.map { String(reflecting: $0) } ?? "null")}
            """
        }
    }

    /// How long after the end of the time the last stream may end.
    private static let grace = TimeAmount.seconds(120)
    /// Connections being opened at the same time, few enough for any listen backlog.
    private static let openers = 64

    private let options: Options
    private let eventLoop: any EventLoop
    private let finished: EventLoopPromise<Tally>
    private let started = NIODeadline.now()
    private var tally = Tally()
    private var toOpen: Int
    private var running = 0
    private var open = 0

    private init(_ options: Options, on eventLoop: any EventLoop) {
        self.options = options
        self.eventLoop = eventLoop
        self.finished = eventLoop.makePromise()
        self.toOpen = options.streams
    }

    static func start(_ options: Options, on eventLoop: any EventLoop) -> EventLoopFuture<Tally> {
        eventLoop.flatSubmit {
            let run = StreamsRun(options, on: eventLoop)
            run.running = options.streams
            eventLoop.assumeIsolated().scheduleTask(in: options.time + Self.grace) { run.giveUp() }
            for _ in 0..<min(Self.openers, options.streams) { run.openNext() }
            return run.finished.futureResult
        }
    }

    private func openNext() {
        guard self.toOpen > 0 else { return }
        self.toOpen -= 1
        self.connect(then: self.openNext)
    }

    private func connect(then next: @escaping () -> Void = {}) {
        let stream = Stream()
        self.options.connect(
            on: self.eventLoop,
            receive: { connection, part in self.receive(part, of: stream, on: connection) },
            opened: { result in
                switch result {
                case .success(let connection): connection.send()
                case .failure(let error): self.fail("\(error)")
                }
                next()
            }
        )
    }

    private func receive(
        _ part: Result<ResponseParser.Part, LoadError>,
        of stream: Stream,
        on connection: Connection
    ) {
        guard !stream.isOver else { return }
        switch part {
        case .success(.head(let status)):
            stream.status = status
        case .success(.body(let bytes)):
            let before = stream.counter.events
            stream.counter.consume(bytes)
            self.count(stream.counter.events - before, first: before == 0)
        case .success(.end):
            self.end(stream, on: connection)
        case .failure(let error):
            stream.isOver = true
            self.close(stream)
            self.fail("\(error) after \(stream.counter.events) events")
        }
    }

    private func count(_ events: Int, first: Bool) {
        self.tally.events += events
        guard first, events > 0 else { return }
        self.open += 1
        self.tally.peakOpen = max(self.tally.peakOpen, self.open)
    }

    private func end(_ stream: Stream, on connection: Connection) {
        self.close(stream)
        if let problem = stream.problem(leastEvents: self.options.leastEvents) {
            stream.isOver = true
            connection.close()
            self.fail(problem)
            return
        }
        self.tally.completed += 1
        guard NIODeadline.now() - self.started < self.options.time else {
            stream.isOver = true
            connection.close()
            self.leave()
            return
        }
        if connection.keepsAlive {
            stream.restart()
            connection.send()
        } else {
            stream.isOver = true
            connection.close()
            self.connect()
        }
    }

    private func close(_ stream: Stream) {
        if stream.counter.events > 0 { self.open -= 1 }
    }

    private func fail(_ reason: String) {
        self.tally.errors += 1
        self.tally.firstError = self.tally.firstError ?? reason
        self.leave()
    }

    /// One stream less; the last one ends the run.
    private func leave() {
        self.running -= 1
        guard self.running == 0 else { return }
        self.finish()
    }

    private func giveUp() {
        guard self.running > 0 else { return }
        self.tally.errors += self.running
        self.tally.firstError = self.tally.firstError ?? "\(self.running) streams did not end in time"
        self.finish()
    }

    private func finish() {
        self.tally.seconds = Double((NIODeadline.now() - self.started).nanoseconds) / 1e9
        self.finished.succeed(self.tally)
    }
}

/// The answer a connection is receiving.
private final class Stream {
    var status = 0
    var counter = EventCounter()
    /// True once the connection is given up; what it still reports does not count.
    var isOver = false

    func restart() {
        self.status = 0
        self.counter = EventCounter()
    }

    /// Why the ended stream does not count, if so.
    func problem(leastEvents: Int) -> String? {
        if self.status != 200 { return "status \(self.status)" }
        if let problem = self.counter.problem { return problem }
        if !self.counter.isDone { return "no [DONE] after \(self.counter.events) events" }
        return self.counter.events < leastEvents ? "only \(self.counter.events) events" : nil
    }
}
