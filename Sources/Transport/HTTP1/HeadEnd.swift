package import NIOCore

/// Finds the end of an HTTP/1.1 head as its bytes arrive, looking at each byte once.
package struct HeadEnd: Sendable {
    package enum Result: Sendable, Equatable {
        /// No end yet; `line` says how many whole lines there are.
        case notYet(lines: Int)
        /// The head takes this many bytes, its empty line included.
        case found(length: Int)
        /// A LF without its CR, which some servers take for a line's end and others do not: the root of smuggling.
        case bareLineFeed
    }

    private var lineStart = 0
    private var searched = 0
    private var lines = 0

    package init() {}

    /// Looks on in `buffer`, which holds what it held before and perhaps more.
    package mutating func find(in buffer: ByteBuffer) -> Result {
        let bytes = buffer.readableBytesUInt8Span
        while self.searched < bytes.count {
            guard bytes[self.searched] == 0x0a else {
                self.searched += 1
                continue
            }
            guard self.searched > self.lineStart, bytes[self.searched - 1] == 0x0d else { return .bareLineFeed }
            let isEmpty = self.searched - 1 == self.lineStart
            self.searched += 1
            self.lineStart = self.searched
            if isEmpty { return .found(length: self.searched) }
            self.lines += 1
        }
        return .notYet(lines: self.lines)
    }
}
