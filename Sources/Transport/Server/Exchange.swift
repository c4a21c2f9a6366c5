package import NIOCore

/// One request on a client connection, and the way its answer takes.
///
/// Lane-confined.
///
/// An answer is either whole (``respond(status:headers:body:)``) or a stream (``startStream(status:headers:)``,
/// ``write(_:)``, then ``finish()`` or ``abort()``). After the client has gone every call does nothing.
package final class Exchange: @unchecked Sendable {
    // Unchecked: confined to `lane`'s loop, as Lane.swift says.
    package let lane: Lane
    package let head: RequestHead
    private var body: ByteBuffer
    /// When the request's last byte was read.
    package let received: NIODeadline
    /// Nil once the answer has been handed over, or the client has gone.
    private var connection: ClientConnection?
    /// The connection that the answer comes from: it is cancelled when the client goes, and paused while the client
    /// reads too slowly.
    package var upstream: UpstreamConnection?
    private var onSilence: (() -> Void)?
    private var silenceLimit = TimeAmount.zero
    package private(set) var isClientGone = false

    private enum Answer {
        case none, streaming(isChunked: Bool), whole
    }

    private var answer = Answer.none
    /// Bytes of the answer that were handed to the connection, framing included.
    package private(set) var bytesWritten = 0

    init(lane: Lane, connection: ClientConnection, head: RequestHead, body: ByteBuffer) {
        self.lane = lane
        self.connection = connection
        self.head = head
        self.body = body
        self.received = .now()
    }

    /// The address of who is connected, without a port; nil once the client has gone.
    package var clientAddress: String? { self.connection?.remoteAddress }

    /// Hands the request's body over: whoever takes it decides how long it stays in memory.
    package func takeBody() -> ByteBuffer {
        defer { self.body = ByteBuffer() }
        return self.body
    }

    /// Up to this size a body is copied behind its head, so that both are one buffer; a larger one is not copied.
    private static let joinedBody = 32 * 1024

    /// Writes a whole answer.
    ///
    /// `headers` are whole lines (`name: value CR LF`); length, date and connection are added.
    package func respond(status: Int, headers: ByteBuffer, body: ByteBuffer) {
        guard let connection, case .none = self.answer, !self.isClientGone else { return }
        self.answer = .whole
        let isHead = self.head.method == .head
        let isJoined = !isHead && body.readableBytes <= Self.joinedBody
        var output = ByteBuffer()
        output.reserveCapacity(headers.readableBytes + (isJoined ? body.readableBytes : 0) + 192)
        self.writeStart(status, headers, closes: !self.head.keepsAlive, into: &output)
        if status != 204 {
            output.writeStaticString("content-length: ")
            output.writeString(String(body.readableBytes))
            output.writeStaticString("\r\n")
        }
        output.writeStaticString("\r\n")
        if isJoined { output.writeImmutableBuffer(body) }
        self.bytesWritten += output.readableBytes
        connection.write(output)
        if !isHead, !isJoined {
            self.bytesWritten += body.readableBytes
            connection.write(body)
        }
        connection.flush()
        connection.exchangeEnded(self, keepsAlive: self.head.keepsAlive)
    }

    /// Starts an answer whose length is not known.
    ///
    /// An HTTP/1.0 client gets it unframed, ended by the connection's end.
    package func startStream(status: Int, headers: ByteBuffer) {
        guard let connection, case .none = self.answer, !self.isClientGone else { return }
        self.answer = .streaming(isChunked: !self.head.isHTTP10)
        var output = ByteBuffer()
        output.reserveCapacity(headers.readableBytes + 160)
        self.writeStart(status, headers, closes: !self.head.keepsAlive || self.head.isHTTP10, into: &output)
        if !self.head.isHTTP10 { output.writeStaticString("transfer-encoding: chunked\r\n") }
        output.writeStaticString("\r\n")
        self.bytesWritten += output.readableBytes
        connection.write(output)
    }

    private func writeStart(_ status: Int, _ headers: ByteBuffer, closes: Bool, into output: inout ByteBuffer) {
        output.writeStaticString("HTTP/1.1 ")
        output.writeImmutableBuffer(StatusLine.text(status))
        output.writeImmutableBuffer(self.lane.clock.dateLine)
        output.writeImmutableBuffer(headers)
        if closes || self.lane.isDraining {
            output.writeStaticString("connection: close\r\n")
        } else if self.head.isHTTP10 {
            output.writeStaticString("connection: keep-alive\r\n")
        }
    }

    /// Writes a piece of a stream, which leaves with the next ``flush()``.
    ///
    /// `content` must have ``ChunkFrame/prefix`` bytes in front of its readable ones: the chunk's size is put there, so
    /// that a piece is one buffer and one system call. It is framed in place, without a copy; once it is flushed, its
    /// owner may begin the next piece in the same memory.
    package func write(_ content: inout ByteBuffer) {
        guard let connection, case .streaming(let isChunked) = self.answer, content.readableBytes > 0 else { return }
        if isChunked { ChunkFrame.wrap(&content) }
        self.bytesWritten += content.readableBytes
        connection.write(content)
    }

    package func flush() {
        self.connection?.flush()
        self.rearmSilence()
    }

    func rearmSilence() {
        if self.silenceLimit > .zero { self.connection?.extendSilence(self.silenceLimit) }
    }

    /// Calls `onSilence` whenever nothing was written to a stream for `limit`.
    package func setSilenceLimit(_ limit: Duration, onSilence: @escaping () -> Void) {
        let limit = TimeAmount(limit)
        self.silenceLimit = limit
        self.onSilence = onSilence
        self.connection?.extendSilence(limit)
    }

    func silencePassed() {
        self.onSilence?()
    }

    /// Ends a stream well.
    package func finish() {
        guard let connection, case .streaming(let isChunked) = self.answer else { return }
        self.answer = .whole
        if isChunked { connection.write(ChunkFrame.last) }
        connection.flush()
        connection.exchangeEnded(self, keepsAlive: isChunked && self.head.keepsAlive)
    }

    /// Cuts the connection, so that nobody takes a broken answer for a whole one.
    package func abort() {
        self.answer = .whole
        self.connection?.flush()
        self.connection?.cut()
    }

    func clientGone() {
        guard !self.isClientGone else { return }
        self.isClientGone = true
        let upstream = self.upstream
        self.release()
        upstream?.cancel()
    }

    /// Lets go of what holds this exchange in turn.
    func release() {
        self.connection = nil
        self.upstream = nil
        self.onSilence = nil
    }
}

/// Status lines behind the version: `200 OK` with CR LF.
enum StatusLine {
    private static let common = ByteBuffer(string: "200 OK\r\n")

    static func text(_ status: Int) -> ByteBuffer {
        status == 200 ? self.common : ByteBuffer(string: "\(status) \(self.reason(status))\r\n")
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}

/// The chunked coding, written.
package enum ChunkFrame {
    /// Bytes to leave free in front of a piece given to ``Exchange/write(_:)``: eight digits and CR LF.
    package static let prefix = 10

    static let last = ByteBuffer(string: "0\r\n\r\n")

    /// An empty buffer with room in front for a chunk's size.
    package static func begin(_ buffer: inout ByteBuffer, minimumCapacity: Int = 512) {
        buffer.clear(minimumCapacity: minimumCapacity + self.prefix)
        buffer.moveWriterIndex(to: self.prefix)
        buffer.moveReaderIndex(to: self.prefix)
    }

    /// Writes the size of the readable bytes in front of them, and CR LF behind.
    static func wrap(_ buffer: inout ByteBuffer) {
        var size = buffer.readableBytes
        var position = buffer.readerIndex
        guard position >= self.prefix else { return }
        position -= 2
        buffer.setInteger(UInt16(0x0d0a), at: position)
        repeat {
            let digit = UInt8(size & 0xf)
            position -= 1
            buffer.setInteger(digit < 10 ? 0x30 + digit : 0x57 + digit, at: position)
            size >>= 4
        } while size > 0
        buffer.moveReaderIndex(to: position)
        buffer.writeInteger(UInt16(0x0d0a))
    }
}
