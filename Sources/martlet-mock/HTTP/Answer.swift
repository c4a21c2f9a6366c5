internal import NIOCore
internal import NIOHTTP1

/// What a request is answered with, before the connection knows how to send it.
struct Answer {
    enum Body {
        case complete(ByteBuffer)
        case events(any EventSource)
    }

    var status: Int
    var contentType: StaticString = "application/json"
    /// Header lines, each ended by CRLF: the request id, rate limits and the like.
    var headerLines: String
    var body: Body
    /// What to do differently; nil for an answer that is simply sent.
    var directive: Directive?

    /// Where the answer ends on the wire.
    enum Framing {
        case length(Int)
        case chunked
        case untilClose
    }

    /// Writes the status line and the headers.
    func writeHead(framing: Framing, announceClose: Bool, into buffer: inout ByteBuffer) {
        guard let fields = self.directive?.headers, !fields.isEmpty else {
            return self.writeStandardHead(framing, announceClose, into: &buffer)
        }
        // Scripted headers replace ours of the same name.
        var standard = ByteBuffer()
        self.writeStandardHead(framing, announceClose, into: &standard)
        let replaced = Set(fields.map { $0.name.lowercased() })
        for line in String(buffer: standard).split(separator: "\r\n") {
            let name = line.prefix { $0 != ":" }.lowercased()
            if !replaced.contains(name) { buffer.writeString(line + "\r\n") }
        }
        for field in fields { buffer.writeString("\(field.name): \(field.value)\r\n") }
        buffer.writeStaticString("\r\n")
    }

    private func writeStandardHead(_ framing: Framing, _ announceClose: Bool, into buffer: inout ByteBuffer) {
        if self.status == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\ncontent-type: ")
        } else {
            let reason = HTTPResponseStatus(statusCode: self.status).reasonPhrase
            buffer.writeString("HTTP/1.1 \(self.status) \(reason)\r\ncontent-type: ")
        }
        buffer.writeStaticString(self.contentType)
        buffer.writeStaticString("\r\n")
        buffer.writeString(self.headerLines)
        switch framing {
        case .length(let length):
            buffer.writeStaticString("content-length: ")
            buffer.writeString(String(length))
            buffer.writeStaticString("\r\n")
        case .chunked:
            buffer.writeStaticString("cache-control: no-cache\r\ntransfer-encoding: chunked\r\n")
        case .untilClose:
            buffer.writeStaticString("cache-control: no-cache\r\n")
        }
        if announceClose { buffer.writeStaticString("connection: close\r\n") }
        buffer.writeStaticString("\r\n")
    }
}
