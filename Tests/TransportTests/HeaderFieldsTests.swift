import NIOCore
import Testing

@testable import Transport

struct HeaderFieldsTests {
    private func fields(_ lines: String...) throws -> HeaderFields {
        let text = "GET / HTTP/1.0\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
        return try RequestHeadParser(limits: HeadLimits()).parse(ByteBuffer(string: text), reusing: HeaderFields())
            .fields
    }

    @Test func findsTheFirstFieldOfAName() throws {
        let fields = try self.fields("X-A: 1", "x-a: 2", "Empty:", "X-AB: 3")
        #expect(fields.value("x-a") == "1")
        #expect(fields.value("x-ab") == "3")
        #expect(fields.value("empty") == "")
        #expect(fields.value("x") == nil)
        #expect(fields.contains("empty") && !fields.contains("x-"))
    }

    @Test(arguments: [
        ("close", true), ("Close", true), ("a, close", true), ("close,a", true), ("a,\tclose ,b", true),
        (",,close", true),
        ("closed", false), ("clos", false), ("a close", false), ("", false), (",", false), ("a;close", false),
    ])
    func findsATokenInAList(_ value: String, _ isThere: Bool) throws {
        let fields = try self.fields("X: y", "Connection: \(value)")
        #expect(fields.list("connection", contains: "close") == isThere)
    }

    @Test func looksThroughAllLinesOfAList() throws {
        let fields = try self.fields("Connection: a", "Connection: close")
        #expect(fields.list("connection", contains: "close"))
    }

    @Test func positionsHoldInABufferThatBeginsLater() throws {
        var buffer = ByteBuffer(string: "????GET / HTTP/1.0\r\nA: b\r\n\r\n")
        buffer.moveReaderIndex(forwardBy: 4)
        let head = try RequestHeadParser(limits: HeadLimits()).parse(buffer, reusing: HeaderFields())
        #expect(head.fields.value("a") == "b")
        #expect(head.fields.range("a").map { String(buffer: head.fields.slice($0)) } == "b")
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"), (1_704_067_199, "Sun, 31 Dec 2023 23:59:59 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func spellsDates(_ seconds: Int, _ text: String) {
        #expect(HTTPDate.format(seconds) == text)
    }

    @Test(arguments: [1, 9, 10, 15, 16, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_577])
    func framesAChunkInItsOwnBuffer(_ size: Int) throws {
        var buffer = ByteBuffer()
        ChunkFrame.begin(&buffer)
        buffer.writeRepeatingByte(0x61, count: size)
        ChunkFrame.wrap(&buffer)
        let start = String(size, radix: 16) + "\r\n"
        #expect(buffer.getString(at: buffer.readerIndex, length: start.utf8.count) == start)
        buffer.writeImmutableBuffer(ChunkFrame.last)
        var decoder = ChunkedDecoder()
        #expect(try decoder.next(&buffer) == .data(ByteBuffer(repeating: 0x61, count: size)))
        #expect(try decoder.next(&buffer) == .end)
        #expect(buffer.readableBytes == 0)
    }
}
