package import NIOCore

/// One event of a `text/event-stream`.
///
/// Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
package struct ServerSentEvent: Sendable, Equatable {
    /// The event as it came: its lines and the empty line that ends it (which a stream's last event may lack).
    package var block: ByteBuffer
    /// The value of `event:`; empty if there is none.
    package var name: ByteBuffer
    /// The values of the `data:` lines, joined by LF; `nil` for a block without any (comments, `retry:`).
    package var data: ByteBuffer?
    /// Whether the block is exactly `data: ` with one value and LF LF, so that it can be passed on as it is.
    package var isCanonical: Bool

    /// Whether the payload is OpenAI's end mark.
    package var isDone: Bool {
        guard let data, data.readableBytes == 6 else { return false }
        return JSONPeek.matches(data.readableBytesUInt8Span, 0..<6, "[DONE]")
    }
}

/// Writes events.
package enum SSEWriter {
    /// Appends `data: ` with `data` (one line) and the empty line.
    package static func write(data: ByteBuffer, into output: inout ByteBuffer) {
        output.writeStaticString("data: ")
        output.writeImmutableBuffer(data)
        output.writeStaticString("\n\n")
    }

    /// OpenAI's end of a stream.
    package static func writeDone(into output: inout ByteBuffer) {
        output.writeStaticString("data: [DONE]\n\n")
    }

    /// A comment, which clients ignore: it shows that the line is alive.
    package static func writePing(into output: inout ByteBuffer) {
        output.writeStaticString(": ping\n\n")
    }
}
