internal import NIOCore

/// The events of a streamed answer, rendered one at a time: thousands of slow streams then need little memory.
protocol EventSource {
    /// How many events there are, the closing one (`[DONE]`, `message_stop`) included.
    var count: Int { get }

    /// Writes one event with its blank line.
    func write(_ index: Int, into buffer: inout ByteBuffer)

    /// Writes the event this provider sends when it fails in the middle of a stream.
    func writeFailure(_ directive: Directive, into buffer: inout ByteBuffer)
}

/// Walks through the events of a stream and weaves in what a directive asks for.
struct EventCursor {
    private let source: any EventSource
    private let directive: Directive
    /// Events of the source to send; fewer than it has if the stream is to break off.
    private let limit: Int
    private var position = 0
    private var malformedSent = false
    private var failed = false

    /// `limit` is the most events to send, for a stream that is cut.
    init(_ source: any EventSource, following directive: Directive, limit: Int?) {
        self.source = source
        self.directive = directive
        let available = directive.noDone ? source.count - 1 : source.count
        self.limit = min(available, limit ?? available)
    }

    /// True once nothing more is to be sent.
    var isAtEnd: Bool {
        if self.failed { return true }
        return self.position >= self.limit && !self.isMalformedDue && !self.isFailureDue
    }

    /// Writes the next event; call only while not at the end.
    mutating func writeNext(into buffer: inout ByteBuffer) {
        guard self.directive.crlf || self.directive.commentEvery else { return self.writePlain(into: &buffer) }
        var event = ByteBuffer()
        if self.directive.commentEvery { event.writeStaticString(": keep-alive\n\n") }
        self.writePlain(into: &event)
        guard self.directive.crlf else { return _ = buffer.writeBuffer(&event) }
        for byte in event.readableBytesView {
            if byte == 0x0A { buffer.writeInteger(UInt8(0x0D)) }
            buffer.writeInteger(byte)
        }
    }

    private var isMalformedDue: Bool { !self.malformedSent && self.directive.malformedAfter == self.position }

    private var isFailureDue: Bool { !self.failed && self.directive.errorAfter == self.position }

    private mutating func writePlain(into buffer: inout ByteBuffer) {
        if self.isMalformedDue {
            self.malformedSent = true
            buffer.writeStaticString("data: {\"this is\": not JSON\n\n")
        } else if self.isFailureDue {
            self.failed = true
            self.source.writeFailure(self.directive, into: &buffer)
        } else {
            self.source.write(self.position, into: &buffer)
            self.position += 1
        }
    }
}
