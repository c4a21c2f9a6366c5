import NIOCore
import Testing

@testable import Transport

struct ResponseHeadTests {
    private func parse(_ text: String) throws(HeadDefect) -> ResponseHead {
        try ResponseHeadParser.parse(ByteBuffer(string: text), reusing: HeaderFields())
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, ResponseHead.Body.length(5), true),
        ("HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", 200, .none, true),
        ("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n", 200, .chunked, true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n", 200, .chunked, false),
        ("HTTP/1.1 200 OK\r\n\r\n", 200, .untilClose, false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", 200, .length(5), false),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, .none, true),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, .none, true),
        ("HTTP/1.1 429 Too Many\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 429, .length(5), true),
        ("HTTP/1.1 103 Early\r\n\r\n", 103, .none, true),
    ])
    func readsFramingAndPersistence(_ text: String, _ status: Int, _ body: ResponseHead.Body, _ keepsAlive: Bool) throws
    {
        let head = try self.parse(text)
        #expect(head.status == status)
        #expect(head.body == body)
        #expect(head.keepsAlive == keepsAlive)
    }

    /// RFC 9112, section 6.3: what could be read in two ways is not followed by another answer.
    @Test func aLengthBesideTheCodingEndsTheConnection() throws {
        let head = try self.parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(head.body == .chunked)
        #expect(!head.keepsAlive)
    }

    @Test(arguments: [
        "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 099 No\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\n", "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u{0}\r\n\r\n",
    ])
    func refusesWhatIsNoHead(_ text: String) {
        #expect(throws: HeadDefect.self) { try self.parse(text) }
    }

    @Test func theBodyIsTakenOutOfItsFraming() throws {
        var buffer = ByteBuffer(string: "hello world")
        var decoder = BodyDecoder(.length(5))
        #expect(try decoder.next(&buffer) == .data(ByteBuffer(string: "hello")))
        #expect(try decoder.next(&buffer) == .end)
        #expect(String(buffer: buffer) == " world")
        decoder = BodyDecoder(.untilClose)
        #expect(decoder.endsWithConnection)
        #expect(try decoder.next(&buffer) == .data(ByteBuffer(string: " world")))
        #expect(try decoder.next(&buffer) == .needsMore)
        decoder = BodyDecoder(.none)
        #expect(try decoder.next(&buffer) == .end)
        #expect(!decoder.endsWithConnection)
    }

    @Test func headsEndAtTheSamePlaceHoweverTheyArrive() {
        let text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"
        for step in 1...text.utf8.count {
            var end = HeadEnd()
            var buffer = ByteBuffer()
            var found = HeadEnd.Result.notYet(lines: 0)
            for piece in pieces(of: Array(text.utf8), step: step) {
                buffer.writeBytes(piece)
                found = end.find(in: buffer)
                if case .found = found { break }
            }
            #expect(found == .found(length: text.utf8.count - 4))
        }
    }
}
