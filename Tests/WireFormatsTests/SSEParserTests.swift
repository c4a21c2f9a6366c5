import NIOCore
import TestSupport
import Testing
import WireFormats

/// Events cut out of a stream, wherever its reads end.
@Suite struct SSEParserTests {
    /// What an event says, without how it was written.
    private struct Said: Equatable, CustomStringConvertible {
        var name: String
        var data: String?

        var description: String { "(\(self.name): \(self.data ?? "nil"))" }
    }

    private func read(_ chunks: [[UInt8]], limit: Int = 1 << 20) throws -> [Said] {
        try self.events(chunks, limit: limit).map {
            Said(name: String(buffer: $0.name), data: $0.data.map { String(buffer: $0) })
        }
    }

    private func events(_ chunks: [[UInt8]], limit: Int = 1 << 20) throws -> [ServerSentEvent] {
        var parser = SSEParser(maximumEventSize: limit)
        var events: [ServerSentEvent] = []
        for chunk in chunks {
            parser.append(ByteBuffer(bytes: chunk))
            while let event = try parser.next() { events.append(event) }
        }
        if let last = parser.finish() { events.append(last) }
        return events
    }

    private static let streams = [
        "data: a\n\n", "data: a\n\ndata: b\n\n", "event: x\ndata: {\"a\":1}\n\n",
        "data: a\ndata: b\ndata:\ndata:  c\n\n",
        ": comment\n\ndata: a\n\n", ":\ndata: a\n\n", "retry: 5\nid: 7\ndata: a\nunknown: z\nnocolon\n\n", "data\n\n",
        "\n\n\ndata: a\n\n\n\ndata: b\n\n", "data: é日😀\n\n", "data:a:b\n\n", "event:x\nevent: y\ndata:z\n\n",
        "data: [DONE]\n\n", "data: a", "data: a\n", "data: a\n\ndata: b", "event: only\n\n", "", "\n", "dat: a\n\n",
        "data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\ndata: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n",
    ]

    private static let expected: [[Said]] = [
        [Said(name: "", data: "a")], [Said(name: "", data: "a"), Said(name: "", data: "b")],
        [Said(name: "x", data: "{\"a\":1}")], [Said(name: "", data: "a\nb\n\n c")],
        [Said(name: "", data: nil), Said(name: "", data: "a")], [Said(name: "", data: "a")],
        [Said(name: "", data: "a")],
        [Said(name: "", data: "")], [Said(name: "", data: "a"), Said(name: "", data: "b")],
        [Said(name: "", data: "é日😀")], [Said(name: "", data: "a:b")], [Said(name: "y", data: "z")],
        [Said(name: "", data: "[DONE]")], [Said(name: "", data: "a")], [Said(name: "", data: "a")],
        [Said(name: "", data: "a"), Said(name: "", data: "b")], [Said(name: "only", data: nil)], [], [],
        [Said(name: "", data: nil)],
        [
            Said(name: "", data: String(repeating: "a", count: 50)),
            Said(name: "", data: String(repeating: "b", count: 30)),
        ],
    ]

    private func lineEnds(_ stream: String, _ end: String) -> [UInt8] {
        Array(stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end).utf8)
    }

    @Test(arguments: ["\n", "\r\n", "\r"], ["", "\u{feff}"])
    func readsAStreamWhole(_ end: String, _ mark: String) throws {
        for (stream, expected) in zip(Self.streams, Self.expected) {
            let bytes = Array(mark.utf8) + self.lineEnds(stream, end)
            #expect(try self.read([bytes]) == expected, "\(stream.debugDescription)")
        }
    }

    @Test(arguments: ["\n", "\r\n", "\r"], ["", "\u{feff}"])
    func readsAStreamSplitAnywhere(_ end: String, _ mark: String) throws {
        for (stream, expected) in zip(Self.streams, Self.expected) {
            let bytes = Array(mark.utf8) + self.lineEnds(stream, end)
            for first in 0...bytes.count {
                let halves = [Array(bytes[..<first]), Array(bytes[first...])]
                #expect(try self.read(halves) == expected, "\(stream.debugDescription) at \(first)")
            }
            #expect(try self.read(bytes.map { [$0] }) == expected, "\(stream.debugDescription) byte by byte")
        }
    }

    @Test func readsMixedLineEnds() throws {
        let expected = [Said(name: "e", data: "a\nb"), Said(name: "", data: "c")]
        let bytes = Array("event: e\rdata: a\r\ndata: b\n\rdata: c\r\n\n".utf8)
        for first in 0...bytes.count {
            #expect(try self.read([Array(bytes[..<first]), Array(bytes[first...])]) == expected, "\(first)")
        }
    }

    @Test func takesAByteOrderMarkOnlyForTheStreamsStart() throws {
        let bytes = Array("\n\u{feff}data: a\n\ndata: b\n\n".utf8)
        let expected = [Said(name: "", data: nil), Said(name: "", data: "b")]
        for first in 0...bytes.count {
            #expect(try self.read([Array(bytes[..<first]), Array(bytes[first...])]) == expected, "\(first)")
        }
    }

    @Test(arguments: 0..<30)
    func readsRandomBytesTheSameHoweverTheyAreSplit(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<40 {
            var bytes: [UInt8] = []
            for _ in 0..<random.below(20) {
                bytes += Array(
                    random.pick(["\n", "\r", "\r\n", "data:", "data: x", ":", "event: e", "\u{feff}", "é"]).utf8
                )
            }
            let whole = try self.read([bytes])
            var chunks: [[UInt8]] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + random.below(6))
                chunks.append(Array(bytes[start..<end]))
                start = end
            }
            #expect(try self.read(chunks) == whole, "\(bytes)")
        }
    }

    @Test func knowsTheFormThatCanBePassedOn() throws {
        let canonical = try self.events([Array("data: {\"a\":1}\n\n".utf8)])
        #expect(canonical.map(\.isCanonical) == [true])
        #expect(canonical.map(\.block) == [ByteBuffer(string: "data: {\"a\":1}\n\n")])
        for stream in [
            "data:a\n\n", "data: a\r\n\r\n", "data: a\ndata: b\n\n", "event: x\ndata: a\n\n", "data: a", ": x\n\n",
        ] {
            #expect(try self.events([Array(stream.utf8)]).map(\.isCanonical) == [false], "\(stream.debugDescription)")
        }
    }

    @Test func knowsTheEndMark() throws {
        #expect(try self.events([Array("data: [DONE]\n\n".utf8)]).map(\.isDone) == [true])
        #expect(
            try self.events([Array("data: [DONE] \n\ndata: x\n\n:\n\n".utf8)]).map(\.isDone) == [false, false, false]
        )
    }

    @Test(arguments: [1, 7, 100, 1000])
    func refusesAnEventAboveTheLimitHoweverItComes(_ step: Int) throws {
        let fits = Array("data: \(String(repeating: "x", count: 92))\n\n".utf8)
        let large = Array("data: ok\n\ndata: \(String(repeating: "x", count: 93))\n\n".utf8)
        #expect(fits.count == 100)
        #expect(try self.read(self.chunks(fits, step), limit: 100).count == 1)
        #expect(throws: SSEParser.EventTooLarge.self) { try self.read(self.chunks(large, step), limit: 100) }
        #expect(throws: SSEParser.EventTooLarge.self) {
            try self.read(self.chunks(Array(String(repeating: "data: xy\n", count: 20).utf8), step), limit: 100)
        }
    }

    private func chunks(_ bytes: [UInt8], _ step: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: step).map { Array(bytes[$0..<min(bytes.count, $0 + step)]) }
    }

    @Test func tellsWhetherAnEventIsUnfinished() throws {
        var parser = SSEParser()
        #expect(!parser.hasPartialEvent)
        parser.append(ByteBuffer(string: "data: a\n\nda"))
        #expect(try parser.next() != nil)
        #expect(try parser.next() == nil)
        #expect(parser.hasPartialEvent)
        parser.append(ByteBuffer(string: "ta: b\n\n"))
        #expect(try parser.next() != nil)
        #expect(try parser.next() == nil)
        #expect(!parser.hasPartialEvent)
    }

    @Test func staysSmallWhenEveryReadEndsInsideAnEvent() throws {
        var parser = SSEParser()
        let piece = ByteBuffer(string: String(repeating: "x", count: 990) + "\n\ndata: ")
        parser.append(ByteBuffer(string: "data: "))
        var largest = 0
        for _ in 0..<2000 {
            parser.append(piece)
            while let event = try parser.next() { largest = max(largest, event.block.storageCapacity) }
        }
        #expect(largest < 16 * 1024)
    }
}
