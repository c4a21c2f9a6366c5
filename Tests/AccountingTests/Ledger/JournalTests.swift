import Domain
import Synchronization
import TestSupport
import Testing

@testable import Accounting

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct RecordCodecTests {
    private func bytes(of record: CallRecord) -> [UInt8] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { memory.deallocate() }
        var writer = RecordWriter(memory)
        writer.write(record)
        return Array(memory[..<writer.count])
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = SeededRandom(seed: 7)
        for id in 0..<500 {
            let record = randomRecord(&random, id: id)
            #expect(try RecordReader.read(self.bytes(of: record).span) == record)
        }
    }

    @Test func anyBytesAreARecordOrAnError() {
        var random = SeededRandom(seed: 8)
        let good = self.bytes(of: randomRecord(&random, id: 1))
        var read = 0
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            if (try? RecordReader.read(bytes.span)) != nil { read += 1 }
        }
        #expect(read < 5000)
    }

    @Test func fieldsOfALaterVersionArePassedOver() throws {
        var random = SeededRandom(seed: 9)
        let record = randomRecord(&random, id: 1)
        let bytes = self.bytes(of: record) + [250, 3, 0, 0, 0, 1, 2, 3]
        #expect(try RecordReader.read(bytes.span) == record)
    }

    @Test func aRecordThatDoesNotFitIsNotWritten() {
        var random = SeededRandom(seed: 10)
        let record = randomRecord(&random, id: 1)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
        defer { memory.deallocate() }
        var writer = RecordWriter(memory)
        writer.write(record)
        #expect(writer.isTooLarge)
    }
}

struct JournalTests {
    @Test func everyRecordIsBookedOnceAndSpentFilesGo() async throws {
        let folder = try TemporaryFolder()
        let ledger = MemoryLedger()
        var random = SeededRandom(seed: 1)
        let journal = Journal(directory: folder.path, process: "a", lanes: 2, segmentSize: 1 << 14)
        let writer = LedgerWriter(journal: journal, store: ledger) { _ in }
        var records: [CallRecord] = []
        for id in 0..<400 {
            let record = randomRecord(&random, id: id)
            #expect(journal.append(record, lane: id % 2))
            records.append(record)
        }
        #expect(await writer.finish())
        #expect(ledger.state.withLock { $0.records.count } == 400)
        #expect(ledger.state.withLock { $0.repeats } == 0)
        for record in records { #expect(ledger.state.withLock { $0.records[record.id] } == record) }
        #expect(folder.names.isEmpty)
    }

    @Test func recordsOfAProcessThatIsNoMoreAreBooked() async throws {
        let folder = try TemporaryFolder()
        let ledger = MemoryLedger()
        var random = SeededRandom(seed: 2)
        do {
            let journal = Journal(directory: folder.path, process: "dead", lanes: 1)
            for id in 0..<50 { #expect(journal.append(randomRecord(&random, id: id), lane: 0)) }
        }
        let journal = Journal(directory: folder.path, process: "heir", lanes: 1)
        let writer = LedgerWriter(journal: journal, store: ledger) { _ in }
        await writer.replay()
        #expect(ledger.state.withLock { $0.records.count } == 50)
        #expect(folder.names == ["heir-0-1.segment"])
    }

    @Test func aLivingProcessKeepsItsOwn() async throws {
        let folder = try TemporaryFolder()
        let ledger = MemoryLedger()
        var random = SeededRandom(seed: 3)
        let alive = Journal(directory: folder.path, process: "alive", lanes: 1)
        #expect(alive.append(randomRecord(&random, id: 1), lane: 0))
        let other = Journal(directory: folder.path, process: "other", lanes: 1)
        await LedgerWriter(journal: other, store: ledger) { _ in }.replay()
        #expect(ledger.state.withLock { $0.records.isEmpty })
    }

    /// The file ends at any byte, as if the machine had stopped in the middle of a write.
    @Test func aTornTailCostsOnlyTheTornRecord() async throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(seed: 4)
        let path = "\(folder.path)/whole-0-1.segment"
        do {
            let journal = Journal(directory: folder.path, process: "whole", lanes: 1, segmentSize: 1 << 13)
            for id in 0..<6 { #expect(journal.append(randomRecord(&random, id: id), lane: 0)) }
        }
        let whole = try Self.contents(path)
        var before = 0
        for size in stride(from: 64, through: whole.count, by: 7) {
            let torn = whole[..<size] + [UInt8](repeating: 0, count: whole.count - size)
            try Self.write(Array(torn), to: path)
            let segment = try #require(Segment.adopt(path))
            var count = 0
            _ = segment.read(limit: 100) { bytes in
                if (try? RecordReader.read(bytes)) != nil { count += 1 }
            }
            #expect(count >= before, "fewer whole records at \(size) bytes than at fewer bytes")
            before = count
        }
        #expect(before == 6)
    }

    @Test func recordsWaitWhileTheStoreIsAway() async throws {
        let folder = try TemporaryFolder()
        let ledger = MemoryLedger()
        ledger.state.withLock { $0.refusal = StoreError(.unavailable, "away") }
        var random = SeededRandom(seed: 5)
        let journal = Journal(directory: folder.path, process: "a", lanes: 1)
        let writer = LedgerWriter(journal: journal, store: ledger) { _ in }
        #expect(journal.append(randomRecord(&random, id: 1), lane: 0))
        await writer.replay()
        #expect(journal.pendingBytes > 0)
        ledger.state.withLock { $0.refusal = nil }
        await writer.replay()
        #expect(journal.pendingBytes == 0)
        #expect(ledger.state.withLock { $0.records.count } == 1)
    }

    @Test func withoutADirectoryNothingIsWritable() {
        let journal = Journal(directory: "/nonexistent-martlet", process: "a", lanes: 1)
        #expect(!journal.isWritable(lane: 0))
        var random = SeededRandom(seed: 6)
        #expect(!journal.append(randomRecord(&random, id: 1), lane: 0))
        #expect(journal.lostCount == 1)
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }
}
