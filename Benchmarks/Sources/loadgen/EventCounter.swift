import NIOCore

/// Counts the server-sent events of one stream and watches how it ends.
///
/// An event is a line that starts with `data:`; every server under test sends one such line per event.
/// `[DONE]` is the end mark and not counted.
struct EventCounter {
    private(set) var events = 0
    private(set) var isDone = false
    /// What was wrong with the stream, if anything.
    private(set) var problem: String?
    /// The start of a line that the last buffer cut off.
    private var carry: [UInt8] = []

    mutating func consume(_ bytes: ByteBuffer) {
        var rest = bytes.readableBytesView
        while let lineFeed = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<lineFeed]
            if self.carry.isEmpty {
                self.count(line)
            } else {
                self.carry.append(contentsOf: line)
                self.count(self.carry)
                self.carry.removeAll(keepingCapacity: true)
            }
            rest = rest[(lineFeed + 1)...]
        }
        self.carry.append(contentsOf: rest)
    }

    private mutating func count(_ line: some Collection<UInt8>) {
        guard line.starts(with: Mark.data) else { return }
        if self.isDone {
            self.problem = "data after [DONE]"
        } else if line.count <= Mark.longestDone, line.dropFirst(Mark.data.count).contains(Mark.done) {
            self.isDone = true
        } else if line.starts(with: Mark.error) {
            self.problem = "an error event: \(String(decoding: line.prefix(200), as: UTF8.self))"
        } else {
            self.events += 1
        }
    }
}

private enum Mark {
    static let data = Array("data:".utf8)
    static let done = Array("[DONE]".utf8)
    static let error = Array(#"data: {"error""#.utf8)
    /// `data: [DONE]` and a carriage return.
    static let longestDone = 13
}
