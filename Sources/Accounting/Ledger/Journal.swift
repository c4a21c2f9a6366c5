package import Domain
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The ledger's local journal: a chain of segments for each lane, written without a system call and without a lock.
///
/// Files are `<directory>/<process>-<lane>-<number>.segment`. A process holds a lock on each of its own, so that another
/// one can tell those whose process is no more, and books them.
package final class Journal: CallJournal {
    private let directory: String
    /// Tells this process's files from those of others.
    private let process: String
    private let segmentSize: Int
    private let lanes: [LaneChain]
    /// Closed segments, and those of processes that are no more, oldest first.
    private let waiting = Mutex<[Segment]>([])
    /// Records that found no room.
    private let lost = Atomic<Int>(0)

    /// One lane's segment, confined to its lane but for `current`, which the drainer reads too.
    private final class LaneChain: Sendable {
        let current = Mutex<Segment?>(nil)
        let next = Atomic<Int>(0)
    }

    /// `directory`: exists, and belongs to this user.
    ///
    /// `process`: a name no other process has had in this directory, such as a random one.
    package init(directory: String, process: String, lanes: Int, segmentSize: Int = 4 << 20) {
        self.directory = directory
        self.process = process
        self.segmentSize = segmentSize
        self.lanes = (0..<lanes).map { _ in LaneChain() }
        for lane in 0..<lanes { self.lanes[lane].current.withLock { $0 = self.makeSegment(lane) } }
    }

    private func makeSegment(_ lane: Int) -> Segment? {
        let number = self.lanes[lane].next.add(1, ordering: .relaxed).newValue
        return Segment.create("\(self.directory)/\(self.process)-\(lane)-\(number).segment", size: self.segmentSize)
    }

    package func append(_ record: borrowing CallRecord, lane: Int) -> Bool {
        guard self.lanes.indices.contains(lane) else { return false }
        let chain = self.lanes[lane]
        // Uncontended but for a moment of each drain; no system call is made under it unless a segment is full.
        return chain.current.withLock { current in
            if let segment = current, Self.write(record, to: segment) { return true }
            if let full = current {
                full.seal()
                self.waiting.withLock { $0.append(full) }
            }
            current = self.makeSegment(lane)
            if let segment = current, Self.write(record, to: segment) { return true }
            self.lost.add(1, ordering: .relaxed)
            return false
        }
    }

    private static func write(_ record: borrowing CallRecord, to segment: Segment) -> Bool {
        segment.append { writer in writer.write(record) }
    }

    package func isWritable(lane: Int) -> Bool {
        guard self.lanes.indices.contains(lane) else { return false }
        return self.lanes[lane].current.withLock { current in
            if current == nil { current = self.makeSegment(lane) }
            return current != nil
        }
    }

    /// Records that were lost because the disk was full.
    package var lostCount: Int { self.lost.load(ordering: .relaxed) }

    /// Bytes that wait to be booked.
    package var pendingBytes: Int {
        self.segments.reduce(0) { $0 + $1.pending }
    }

    // MARK: For the writer

    /// Every segment that may hold records to book, in the order they are to be booked in.
    var segments: [Segment] {
        self.waiting.withLock { $0 } + self.lanes.compactMap { $0.current.withLock { $0 } }
    }

    /// Takes over the segments of processes that are no more.
    func adopt() {
        let own = Set(self.segments.map(\.path))
        for name in Self.files(in: self.directory).sorted() where name.hasSuffix(".segment") {
            let path = "\(self.directory)/\(name)"
            guard !own.contains(path), !name.hasPrefix("\(self.process)-"), let segment = Segment.adopt(path) else {
                continue
            }
            self.waiting.withLock { $0.append(segment) }
        }
    }

    /// Deletes the files whose records are all booked.
    func removeSpent() {
        let spent = self.waiting.withLock { waiting in
            let spent = waiting.filter(\.isSpent)
            waiting.removeAll(where: \.isSpent)
            return spent
        }
        for segment in spent { segment.remove() }
    }

    func synchronize() {
        for segment in self.segments { segment.synchronize() }
    }

    /// Closes this process's segments; the last thing to do after the last call.
    func closeAll() {
        for chain in self.lanes {
            let last = chain.current.withLock { current in
                defer { current = nil }
                return current
            }
            guard let last else { continue }
            last.seal()
            self.waiting.withLock { $0.append(last) }
        }
    }

    private static func files(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }
}
