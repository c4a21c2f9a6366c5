internal import NIOCore
internal import Synchronization

/// What all connections share: the script, the list of requests and the counters.
final class MockState: Sendable {
    /// How many requests `GET /_mock/requests` can show.
    private static let recordLimit = 200

    private let recordsBodies: Bool
    private let script = Mutex<[Directive]>([])
    /// Whether the script holds anything; spares plain requests the lock.
    private let hasScript = Atomic(false)
    private let records = Mutex(RecentRecords(limit: MockState.recordLimit))

    private let connectionsOpen = Atomic(0)
    private let connectionsTotal = Atomic(0)
    private let requests = Atomic(0)
    private let requestsRunning = Atomic(0)
    private let clientClosed = Atomic(0)
    private let streamsRunning = Atomic(0)

    init(recordsBodies: Bool) {
        self.recordsBodies = recordsBodies
    }

    // MARK: Script

    func add(_ directives: [Directive]) {
        self.script.withLock { script in
            script.append(contentsOf: directives)
            self.hasScript.store(!script.isEmpty, ordering: .relaxed)
        }
    }

    func clearScript() {
        self.script.withLock { script in
            script = []
            self.hasScript.store(false, ordering: .relaxed)
        }
    }

    /// Takes the next directive of the script, if there is one.
    func takeScripted() -> Directive? {
        guard self.hasScript.load(ordering: .relaxed) else { return nil }
        return self.script.withLock { script in
            guard !script.isEmpty else { return nil }
            let first = script.removeFirst()
            self.hasScript.store(!script.isEmpty, ordering: .relaxed)
            return first
        }
    }

    // MARK: Connections and requests

    /// Counts a connection and returns its number, from 1.
    func connectionOpened() -> Int {
        self.connectionsOpen.add(1, ordering: .relaxed)
        return self.connectionsTotal.add(1, ordering: .relaxed).newValue
    }

    func connectionClosed() {
        self.connectionsOpen.subtract(1, ordering: .relaxed)
    }

    /// Numbers and records a request.
    func started(_ request: inout ReceivedRequest, connection: Int) -> RequestRecord {
        request.number = self.requests.add(1, ordering: .relaxed).newValue
        self.requestsRunning.add(1, ordering: .relaxed)
        let record = RequestRecord(
            head: request.head,
            body: self.recordsBodies ? request.body : nil,
            connection: connection
        )
        self.records.withLock { $0.append(record) }
        return record
    }

    func streamStarted(_ record: RequestRecord) {
        record.isStream.store(true, ordering: .relaxed)
        self.streamsRunning.add(1, ordering: .relaxed)
    }

    func finished(_ record: RequestRecord?, _ outcome: RequestRecord.Outcome) {
        guard let record else { return }
        record.outcome.store(outcome, ordering: .relaxed)
        self.requestsRunning.subtract(1, ordering: .relaxed)
        if outcome == .clientClosed { self.clientClosed.add(1, ordering: .relaxed) }
        if record.isStream.load(ordering: .relaxed) { self.streamsRunning.subtract(1, ordering: .relaxed) }
    }

    // MARK: Introspection

    var statistics: JSONValue {
        [
            "connections_open": .integer(self.connectionsOpen.load(ordering: .relaxed)),
            "connections_total": .integer(self.connectionsTotal.load(ordering: .relaxed)),
            "requests": .integer(self.requests.load(ordering: .relaxed)),
            "requests_running": .integer(self.requestsRunning.load(ordering: .relaxed)),
            "client_closed": .integer(self.clientClosed.load(ordering: .relaxed)),
            "streams_running": .integer(self.streamsRunning.load(ordering: .relaxed)),
        ]
    }

    var recordedRequests: JSONValue {
        .array(self.records.withLock { $0.oldestFirst }.map(\.json))
    }

    func clearRecords() {
        self.records.withLock { $0 = RecentRecords(limit: Self.recordLimit) }
    }
}

/// The last so many records: a ring, so that adding one is cheap.
private struct RecentRecords {
    private let limit: Int
    private var ring: [RequestRecord] = []
    private var next = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ record: RequestRecord) {
        if self.ring.count < self.limit {
            self.ring.append(record)
        } else {
            self.ring[self.next] = record
            self.next = (self.next + 1) % self.limit
        }
    }

    var oldestFirst: [RequestRecord] {
        Array(self.ring[self.next...] + self.ring[..<self.next])
    }
}
