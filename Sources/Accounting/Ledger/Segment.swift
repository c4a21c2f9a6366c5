import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One file of the journal, mapped into memory: a head, then records one behind the other.
///
/// What is written to the mapping is the kernel's at once, so that the end of the process, however sudden, loses nothing;
/// `synchronize` bounds what the end of the machine may lose. The room is reserved when the file is made, so that a full
/// disk is an error then, and never a fault on a write.
///
/// `@unchecked Sendable`: one lane appends; bytes before `committed` never change; the drained offset is the one drainer's.
final class Segment: @unchecked Sendable {
    /// `MRTLEDG1`.
    private static let magic: UInt64 = 0x3147_4445_4c54_524d
    static let headSize = 64
    /// Where the drained offset stands in the head.
    private static let drainedPlace = 16
    /// A record's length and checksum.
    private static let frame = 8

    let path: String
    private let memory: UnsafeMutableRawBufferPointer
    private let file: Int32
    /// The end of the last whole record.
    private let committed: Atomic<Int>
    private let isFull = Atomic(false)

    /// Makes a file of `size` bytes; nil when there is no room for it, or no right.
    static func create(_ path: String, size: Int) -> Segment? {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0, posix_fallocate(file, 0, off_t(size)) == 0,
            let memory = self.map(file, size)
        else {
            close(file)
            unlink(path)
            return nil
        }
        memory.storeBytes(of: self.magic, toByteOffset: 0, as: UInt64.self)
        memory.storeBytes(of: UInt64(self.headSize), toByteOffset: self.drainedPlace, as: UInt64.self)
        return Segment(path, memory, file, committed: self.headSize)
    }

    /// Opens the file of a process that is no more; nil while its process lives, or when it is no segment.
    static func adopt(_ path: String) -> Segment? {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var status = stat()
        guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &status) == 0, status.st_size >= off_t(self.headSize),
            let memory = self.map(file, Int(status.st_size))
        else {
            close(file)
            return nil
        }
        guard memory.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == self.magic else {
            munmap(memory.baseAddress, memory.count)
            close(file)
            return nil
        }
        let segment = Segment(path, memory, file, committed: self.headSize)
        segment.findEnd()
        segment.isFull.store(true, ordering: .relaxed)
        return segment
    }

    private init(_ path: String, _ memory: UnsafeMutableRawBufferPointer, _ file: Int32, committed: Int) {
        self.path = path
        self.memory = memory
        self.file = file
        self.committed = Atomic(committed)
    }

    deinit {
        munmap(self.memory.baseAddress, self.memory.count)
        close(self.file)
    }

    private static func map(_ file: Int32, _ size: Int) -> UnsafeMutableRawBufferPointer? {
        let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard let address, address != MAP_FAILED else { return nil }
        return UnsafeMutableRawBufferPointer(start: address, count: size)
    }

    // MARK: Writing, on the lane

    /// Appends what `body` writes; false when there is no room for it.
    func append(_ body: (inout RecordWriter) -> Void) -> Bool {
        let start = self.committed.load(ordering: .relaxed)
        let content = start + Self.frame
        guard content < self.memory.count else { return false }
        var writer = RecordWriter(UnsafeMutableRawBufferPointer(rebasing: self.memory[content...]))
        body(&writer)
        guard !writer.isTooLarge else { return false }
        let end = content + writer.count
        self.memory.storeBytes(of: self.checksum(content..<end), toByteOffset: start + 4, as: UInt32.self)
        // The length last: a record without one is not there.
        self.memory.storeBytes(of: UInt32(writer.count), toByteOffset: start, as: UInt32.self)
        self.committed.store(end, ordering: .releasing)
        return true
    }

    /// From now on nothing is appended.
    func seal() {
        self.isFull.store(true, ordering: .releasing)
    }

    func synchronize() {
        msync(self.memory.baseAddress, self.memory.count, MS_ASYNC)
    }

    // MARK: Reading, by the drainer

    /// Up to which byte records were booked.
    private var drained: Int {
        get {
            let value = self.memory.loadUnaligned(fromByteOffset: Self.drainedPlace, as: UInt64.self)
            return min(max(Self.headSize, Int(clamping: value)), self.memory.count)
        }
        set { self.memory.storeBytes(of: UInt64(newValue), toByteOffset: Self.drainedPlace, as: UInt64.self) }
    }

    /// Bytes that wait to be booked.
    var pending: Int { max(0, self.committed.load(ordering: .acquiring) - self.drained) }

    /// Whether it is of no further use: closed, and every record booked.
    var isSpent: Bool { self.isFull.load(ordering: .acquiring) && self.pending == 0 }

    /// Hands over the records that wait, `limit` of them at the most, in order, as bytes.
    ///
    /// - Returns: where the last of them ends, for `markDrained`.
    func read(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        let end = self.committed.load(ordering: .acquiring)
        var position = self.drained
        var count = 0
        while count < limit, position + Self.frame <= end {
            let length = Int(self.memory.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            let content = position + Self.frame..<position + Self.frame + length
            guard content.upperBound <= end else { break }
            let bytes = UnsafeRawBufferPointer(rebasing: self.memory[content])
            bytes.withMemoryRebound(to: UInt8.self) { body($0.span) }
            position = content.upperBound
            count += 1
        }
        return position
    }

    func markDrained(to position: Int) {
        self.drained = position
    }

    func remove() {
        unlink(self.path)
    }

    /// Finds the last whole record of a file whose process is no more: one that was being written has no length, or not
    /// the checksum.
    private func findEnd() {
        var position = Self.headSize
        while position + Self.frame < self.memory.count {
            let length = Int(self.memory.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            let content = position + Self.frame..<position + Self.frame + length
            guard length > 0, content.upperBound <= self.memory.count else { break }
            guard self.memory.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self) == self.checksum(content)
            else { break }
            position = content.upperBound
        }
        self.committed.store(position, ordering: .releasing)
    }

    /// FNV-1a over eight bytes at a time: it must tell a torn record from a whole one, not withstand anybody.
    private func checksum(_ range: Range<Int>) -> UInt32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var position = range.lowerBound
        while position + 8 <= range.upperBound {
            hash = (hash ^ self.memory.loadUnaligned(fromByteOffset: position, as: UInt64.self)) &* 0x0100_0000_01b3
            position += 8
        }
        while position < range.upperBound {
            hash = (hash ^ UInt64(self.memory[position])) &* 0x0100_0000_01b3
            position += 1
        }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
