import Domain
import NIOCore
import NIOEmbedded
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@testable import Transport

/// Answers each request with what the test gave it.
private final class FakeHandler: RequestHandler {
    private let answer: @Sendable (Exchange) -> Void

    init(_ answer: @escaping @Sendable (Exchange) -> Void) {
        self.answer = answer
    }

    func handle(_ exchange: Exchange) {
        self.answer(exchange)
    }

    func refusal(_ error: GatewayError, lane: Lane) -> (headers: ByteBuffer, body: ByteBuffer) {
        (ByteBuffer(string: "x: y\r\n"), ByteBuffer(string: "status \(error.status)"))
    }
}

/// A client connection on a channel without a socket.
private final class TestConnection {
    let channel: EmbeddedChannel
    let lane: Lane

    init(limits: ServerLimits = ServerLimits(), answer: @escaping @Sendable (Exchange) -> Void) throws {
        let loop = EmbeddedEventLoop()
        self.lane = Lane(loop: loop, index: 0, upstream: UpstreamSettings())
        let core = ServerCore(handler: FakeHandler(answer), limits: limits)
        self.channel = EmbeddedChannel(loop: loop)
        try self.channel.pipeline.syncOperations.addHandler(ClientConnection(lane: self.lane, server: core))
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// What is written in answer to `text`, dates left out.
    func exchange(_ text: String) throws -> String {
        try self.channel.writeInbound(ByteBuffer(string: text))
        return try self.written()
    }

    func written() throws -> String {
        var output = ""
        while let piece = try self.channel.readOutbound(as: ByteBuffer.self) { output += String(buffer: piece) }
        return output.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("date: ") }
            .joined(separator: "\r\n")
    }

    /// Lets real time pass, which connections measure their limits in, and then the loop's, so that it looks.
    func wait(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
        self.channel.embeddedEventLoop.advanceTime(by: Lane.tick)
    }
}

struct ExchangeTests {
    private static func whole(_ exchange: Exchange) {
        exchange.respond(status: 200, headers: ByteBuffer(string: "a: b\r\n"), body: ByteBuffer(string: "hello"))
    }

    private static func stream(_ exchange: Exchange) {
        exchange.startStream(status: 200, headers: ByteBuffer(string: "a: b\r\n"))
        for word in ["hello ", "world"] {
            var piece = ByteBuffer()
            ChunkFrame.begin(&piece)
            piece.writeString(word)
            exchange.write(&piece)
            exchange.flush()
        }
        exchange.finish()
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 5\r\n\r\nhello", true),
        ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 5\r\n\r\n", true),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", false
        ),
        (
            "GET / HTTP/1.0\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", false
        ),
        (
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello", true
        ),
    ])
    func framesAWholeAnswer(_ request: String, _ answer: String, _ goesOn: Bool) throws {
        let connection = try TestConnection(answer: Self.whole)
        #expect(try connection.exchange(request) == answer)
        // A connection that goes on answers again.
        #expect(try connection.exchange(request) == (goesOn ? answer : ""))
    }

    @Test func framesAStreamInChunks() throws {
        let connection = try TestConnection(answer: Self.stream)
        let answer =
            "HTTP/1.1 200 OK\r\na: b\r\ntransfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"
        #expect(try connection.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == answer)
        #expect(try connection.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == answer)
    }

    @Test func givesHTTP10AStreamWithoutFraming() throws {
        let connection = try TestConnection(answer: Self.stream)
        let answer = "HTTP/1.1 200 OK\r\na: b\r\nconnection: close\r\n\r\nhello world"
        #expect(try connection.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") == answer)
        #expect(try connection.exchange("GET / HTTP/1.0\r\n\r\n") == "")
    }

    @Test func anAnswerWithoutContentHasNoLength() throws {
        let connection = try TestConnection { $0.respond(status: 204, headers: ByteBuffer(), body: ByteBuffer()) }
        #expect(try connection.exchange("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n") == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test func answersInTheOrderOfTheRequests() throws {
        let connection = try TestConnection { exchange in
            exchange.respond(
                status: 200,
                headers: ByteBuffer(),
                body: ByteBuffer(string: "[\(exchange.head.pathText)]")
            )
        }
        let requests = (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
        let answer = try connection.exchange(requests)
        let expected = (0..<20).map { "HTTP/1.1 200 OK\r\ncontent-length: \($0 < 10 ? 4 : 5)\r\n\r\n[/\($0)]" }.joined()
        #expect(answer == expected)
    }

    @Test func aLargeBodyIsWhole() throws {
        let body = String(repeating: "x", count: 200_000)
        let connection = try TestConnection { exchange in
            exchange.respond(status: 200, headers: ByteBuffer(), body: ByteBuffer(string: body))
        }
        let answer = try connection.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer == "HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n\(body)")
        #expect(
            try connection.exchange("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                == "HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n"
        )
    }

    @Test func asksForTheBody() throws {
        let connection = try TestConnection(answer: Self.whole)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        #expect(try connection.exchange(head) == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try connection.exchange("{}").hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test(arguments: RequestCorpus.refused)
    func answersARefusalOnceAndReadsNoFurther(_ refusal: Refusal) throws {
        let connection = try TestConnection { _ in Issue.record("a refused request reached the handler") }
        let status = refusal.defect.error.status
        let answer = try connection.exchange(refusal.text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.hasSuffix("x: y\r\ncontent-length: 10\r\nconnection: close\r\n\r\nstatus \(status)"))
        #expect(try connection.exchange("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n") == "")
    }

    // MARK: Time limits

    @Test func aHeadThatDoesNotEndIsAnsweredWith408() throws {
        let connection = try TestConnection(limits: ServerLimits(headerTime: .milliseconds(20)), answer: Self.whole)
        #expect(try connection.exchange("GET / HT") == "")
        connection.wait(milliseconds: 30)
        #expect(try connection.written().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func anIdleConnectionIsClosedInSilence() throws {
        let connection = try TestConnection(limits: ServerLimits(idleTime: .milliseconds(20)), answer: Self.whole)
        connection.wait(milliseconds: 30)
        #expect(try connection.written() == "")
        #expect(!connection.channel.isActive)
    }

    @Test func aBodyThatDoesNotComeIsAnsweredWith408() throws {
        let connection = try TestConnection(limits: ServerLimits(bodyGrace: .milliseconds(20)), answer: Self.whole)
        #expect(try connection.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n") == "")
        connection.wait(milliseconds: 30)
        #expect(try connection.written().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func aMinimumRateOfZeroIsNoLimit() throws {
        let limits = ServerLimits(minimumBodyRate: 0, bodyGrace: .milliseconds(20))
        let connection = try TestConnection(limits: limits, answer: Self.whole)
        #expect(try connection.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n") == "")
        connection.wait(milliseconds: 30)
        #expect(try connection.written() == "")
        #expect(try connection.exchange("hello").hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test func connectionsBeyondTheLimitAreClosed() throws {
        let core = ServerCore(handler: FakeHandler(Self.whole), limits: ServerLimits(maximumConnections: 1))
        #expect(core.connectionOpened())
        #expect(!core.connectionOpened())
        core.connectionClosed()
        core.connectionClosed()
        #expect(core.connectionOpened())
    }

    @Test func whileDrainingAnAnswerEndsItsConnection() throws {
        let connection = try TestConnection(answer: Self.whole)
        connection.lane.drain()
        let answer = try connection.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer == "HTTP/1.1 200 OK\r\na: b\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello")
        #expect(try connection.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == "")
    }
}
