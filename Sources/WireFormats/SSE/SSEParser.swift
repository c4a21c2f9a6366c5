package import NIOCore

/// Cuts a byte stream into server-sent events, wherever the reads happen to end.
///
/// Works on bytes: a read may end inside a UTF-8 scalar or between CR and LF. Line ends are LF, CRLF or CR. Events that
/// lie in one read are slices of it and cost no allocation.
package struct SSEParser: Sendable {
    /// A stream whose single event is larger than its limit.
    package struct EventTooLarge: Error, Sendable, Equatable {
        package var limit: Int
    }

    /// What is not cut off yet; starts at an event's first byte.
    private var pending = ByteBuffer()
    /// How far into `pending` the search for the event's end has come: the start of a line not seen whole.
    private var lineStart = 0
    /// How far that line was searched for its end.
    private var searched = 0
    /// How many lines of the event in `pending` have been seen whole.
    private var lines = 0
    private var skipsLineFeed = false
    private var atStart = true
    private let maximumEventSize: Int

    package init(maximumEventSize: Int = 16 << 20) {
        self.maximumEventSize = maximumEventSize
    }

    /// Whether bytes of an unfinished event are held.
    package var hasPartialEvent: Bool { self.pending.readableBytes > 0 }

    /// Takes the stream's next bytes; call ``next()`` until it gives nil before the next `append`.
    package mutating func append(_ bytes: ByteBuffer) {
        if self.pending.readableBytes == 0 {
            self.pending = bytes
        } else {
            // Events that were cut off would otherwise stay in memory for as long as every read ends inside an event.
            if self.pending.readerIndex > 0 { self.pending.discardReadBytes() }
            self.pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole event, or nil when more bytes are needed.
    package mutating func next() throws(EventTooLarge) -> ServerSentEvent? {
        guard self.pending.readableBytes > 0 else {
            // Lets go of the read's memory, which the channel then uses again for the next one.
            self.pending = ByteBuffer()
            return nil
        }
        guard self.passOver() else { return nil }
        while let end = self.lineEnd() {
            guard end.next <= self.maximumEventSize else { throw EventTooLarge(limit: self.maximumEventSize) }
            if end.length == 0 {
                if let event = self.cut(blockLength: end.next, isEmpty: self.lines == 0) { return event }
                guard self.passOver() else { return nil }
            } else {
                self.lines += 1
                self.lineStart = end.next
                self.searched = end.next
            }
        }
        guard self.pending.readableBytes <= self.maximumEventSize else {
            throw EventTooLarge(limit: self.maximumEventSize)
        }
        return nil
    }

    /// At the stream's end: the last event, if its empty line is missing (some servers leave it out).
    package mutating func finish() -> ServerSentEvent? {
        self.lines = 0
        return self.cut(blockLength: self.pending.readableBytes, isEmpty: self.pending.readableBytes == 0)
    }

    /// Passes over a LF whose CR ended the event before, and over the byte order mark of a stream's start.
    ///
    /// - Returns: false while the bytes are too few to tell whether they begin with a mark.
    private mutating func passOver() -> Bool {
        if self.skipsLineFeed, let first = self.pending.getInteger(at: self.pending.readerIndex, as: UInt8.self) {
            self.skipsLineFeed = false
            if first == 0x0a { self.pending.moveReaderIndex(forwardBy: 1) }
        }
        guard self.atStart else { return true }
        guard let length = Self.byteOrderMark(self.pending.readableBytesUInt8Span) else { return false }
        self.atStart = false
        self.pending.moveReaderIndex(forwardBy: length)
        return true
    }

    /// The length of the mark that `bytes` begin with, zero if there is none, nil while they are too few to tell.
    private static func byteOrderMark(_ bytes: Span<UInt8>) -> Int? {
        let mark: StaticString = "\u{feff}"
        let length = mark.utf8CodeUnitCount
        for index in 0..<min(bytes.count, length) where bytes[index] != mark.utf8Start[index] { return 0 }
        return bytes.count < length ? nil : length
    }

    /// A line's end as ``lineEnd()`` found it.
    private enum LineEnd {
        case notYet(searched: Int)
        case found(length: Int, next: Int, skipsLineFeed: Bool)
    }

    /// The end of the line at `lineStart`: its length, and where the next one starts.
    private mutating func lineEnd() -> (length: Int, next: Int)? {
        switch Self.lineEnd(in: self.pending.readableBytesUInt8Span, from: self.lineStart, searched: self.searched) {
        case .notYet(let searched):
            self.searched = searched
            return nil
        case .found(let length, let next, let skipsLineFeed):
            self.skipsLineFeed = skipsLineFeed
            return (length, next)
        }
    }

    private static func lineEnd(in bytes: Span<UInt8>, from lineStart: Int, searched: Int) -> LineEnd {
        guard let end = self.firstBreak(bytes, from: searched) else { return .notYet(searched: bytes.count) }
        let next = end + 1
        guard bytes[end] == 0x0d else { return .found(length: end - lineStart, next: next, skipsLineFeed: false) }
        if next < bytes.count {
            let length = bytes[next] == 0x0a ? next + 1 : next
            return .found(length: end - lineStart, next: length, skipsLineFeed: false)
        }
        // Whether a LF belongs to this CR is not known yet. An empty line ends the event at once, and its LF, if one
        // comes, is passed over then; after any other line nothing hurries.
        return end == lineStart
            ? .found(length: 0, next: next, skipsLineFeed: true) : .notYet(searched: end)
    }

    /// The first CR or LF, eight bytes a step.
    private static func firstBreak(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        let raw = bytes.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let lf = word ^ (ones &* 0x0a)
            let cr = word ^ (ones &* 0x0d)
            let marks = (((lf &- ones) & ~lf) | ((cr &- ones) & ~cr)) & (ones &* 0x80)
            if marks != 0 { return offset &+ marks.trailingZeroBitCount >> 3 }
            offset &+= 8
        }
        while offset < bytes.count {
            if bytes[offset] == 0x0a || bytes[offset] == 0x0d { return offset }
            offset &+= 1
        }
        return nil
    }

    /// Takes a block off the front and reads its fields; nil for an empty block.
    private mutating func cut(blockLength: Int, isEmpty: Bool) -> ServerSentEvent? {
        let hasOneLine = self.lines == 1
        self.lines = 0
        self.lineStart = 0
        self.searched = 0
        guard let block = self.pending.readSlice(length: blockLength), !isEmpty else { return nil }
        return SSEBlock.read(block, hasOneLine: hasOneLine)
    }
}

/// Reads the fields of one event's lines.
private enum SSEBlock {
    static func read(_ block: ByteBuffer, hasOneLine: Bool) -> ServerSentEvent {
        if hasOneLine, let data = self.canonicalData(block) {
            return ServerSentEvent(block: block, name: ByteBuffer(), data: data, isCanonical: true)
        }
        var event = ServerSentEvent(block: block, name: ByteBuffer(), data: nil, isCanonical: false)
        let bytes = block.readableBytesUInt8Span
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
            self.readLine(block, bytes, start..<end, into: &event)
            start = end + 1
        }
        return event
    }

    /// The payload of `data: PAYLOAD LF LF`, the form nearly all events have; the block is known to be one line.
    private static func canonicalData(_ block: ByteBuffer) -> ByteBuffer? {
        let bytes = block.readableBytesUInt8Span
        let count = bytes.count
        guard count >= 8, JSONPeek.matches(bytes, 0..<6, "data: "), bytes[count - 1] == 0x0a, bytes[count - 2] == 0x0a
        else { return nil }
        // `data: x CR LF LF` is one line as well.
        guard bytes[count - 3] != 0x0d else { return nil }
        return block.slice(block.readerIndex + 6, count - 8)
    }

    private static func readLine(
        _ block: ByteBuffer,
        _ bytes: Span<UInt8>,
        _ line: Range<Int>,
        into event: inout ServerSentEvent
    ) {
        var colon = line.lowerBound
        while colon < line.upperBound, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
        var start = min(colon + 1, line.upperBound)
        if start < line.upperBound, bytes[start] == 0x20 { start += 1 }
        let value = block.slice(block.readerIndex + start, line.upperBound - start)
        let field = line.lowerBound..<colon
        if JSONPeek.matches(bytes, field, "data") {
            guard var joined = event.data else {
                event.data = value
                return
            }
            joined.writeInteger(UInt8(ascii: "\n"))
            joined.writeImmutableBuffer(value)
            event.data = joined
        } else if JSONPeek.matches(bytes, field, "event") {
            event.name = value
        }
    }
}
