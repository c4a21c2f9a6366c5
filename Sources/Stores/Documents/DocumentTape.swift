import WireFormats

/// A JSON text taken apart: its values one after the other in the order of the text, the inner ones after the outer.
///
/// The memory of one tape serves one document after the other. Reading is total: a text that is no JSON gives false.
final class DocumentTape {
    struct Node {
        enum Kind: UInt8 {
            case object
            case array
            case string
            case number
            case yes
            case no
            case null
        }

        var kind: Kind
        /// Whether a string has escapes.
        var isEscaped = false
        /// The bytes of the value; of a string those between its quotes.
        var start: Int32
        var end: Int32
        /// The index of the node that follows after this value as a whole.
        var next: Int32 = 0
        /// Elements of an array, members of an object.
        var count: Int32 = 0
    }

    // A tape stays on one thread and its functions do not call out, so the checks for overlapping access, which take a
    // fifth of the time, can find nothing.
    @exclusivity(unchecked) private(set) var nodes: [Node] = []
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []
    @exclusivity(unchecked) private var offset = 0

    private static let maximumDepth = 64

    /// Takes `text` apart; false when it is not exactly one JSON value.
    func load(_ text: UnsafeRawBufferPointer) -> Bool {
        self.nodes.removeAll(keepingCapacity: true)
        self.bytes.removeAll(keepingCapacity: true)
        self.offset = 0
        guard text.count < Int32.max else { return false }
        self.bytes.append(contentsOf: text)
        guard self.readValue(depth: 0) else { return false }
        self.skipSpace()
        return self.offset == self.bytes.count
    }

    /// The content of a string node.
    func text(_ node: Node) -> String {
        let range = Int(node.start)..<Int(node.end)
        guard !node.isEscaped else {
            let bytes = self.bytes
            return JSONText.decode(bytes.span, range)
        }
        return self.bytes.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
    }

    /// A number node's value, if it is an integer of 64 bits.
    func integer(_ node: Node) -> Int64? {
        var index = Int(node.start)
        let isNegative = self.bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard index < node.end else { return nil }
        var value: Int64 = 0
        while index < node.end {
            let digit = self.bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.subtractingReportingOverflow(Int64(digit))
            guard !isTooLarge, !overflows else { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Whether a string node's content is `text`.
    func matches(_ node: Node, _ text: String) -> Bool {
        if node.isEscaped { return self.text(node) == text }
        let count = Int(node.end - node.start)
        let utf8 = text.utf8
        guard utf8.count == count else { return false }
        var index = Int(node.start)
        for byte in utf8 {
            guard self.bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private func skipSpace() {
        while self.offset < self.bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(self.bytes[self.offset]) {
            self.offset += 1
        }
    }

    /// Whether the next byte is `byte`, which is passed then.
    private func pass(_ byte: UInt8) -> Bool {
        guard self.offset < self.bytes.count, self.bytes[self.offset] == byte else { return false }
        self.offset += 1
        return true
    }

    private func readValue(depth: Int) -> Bool {
        self.skipSpace()
        guard depth < Self.maximumDepth, self.offset < self.bytes.count else { return false }
        switch self.bytes[self.offset] {
        case UInt8(ascii: "{"): return self.readContainer(.object, end: UInt8(ascii: "}"), depth: depth)
        case UInt8(ascii: "["): return self.readContainer(.array, end: UInt8(ascii: "]"), depth: depth)
        case UInt8(ascii: "\""): return self.readString()
        case UInt8(ascii: "t"): return self.readWord("true", .yes)
        case UInt8(ascii: "f"): return self.readWord("false", .no)
        case UInt8(ascii: "n"): return self.readWord("null", .null)
        default: return self.readNumber()
        }
    }

    private func readContainer(_ kind: Node.Kind, end: UInt8, depth: Int) -> Bool {
        let index = self.nodes.count
        self.nodes.append(Node(kind: kind, start: Int32(self.offset), end: 0))
        self.offset += 1
        var count: Int32 = 0
        self.skipSpace()
        if !self.pass(end) {
            repeat {
                if kind == .object {
                    self.skipSpace()
                    guard self.offset < self.bytes.count, self.bytes[self.offset] == UInt8(ascii: "\""),
                        self.readString()
                    else { return false }
                    self.skipSpace()
                    guard self.pass(UInt8(ascii: ":")) else { return false }
                }
                guard self.readValue(depth: depth + 1) else { return false }
                count += 1
                self.skipSpace()
            } while self.pass(UInt8(ascii: ","))
            guard self.pass(end) else { return false }
        }
        self.nodes[index].end = Int32(self.offset)
        self.nodes[index].next = Int32(self.nodes.count)
        self.nodes[index].count = count
        return true
    }

    private func readString() -> Bool {
        let start = self.offset + 1
        var index = start
        var isEscaped = false
        while index < self.bytes.count {
            let byte = self.bytes[index]
            if byte == UInt8(ascii: "\"") {
                self.append(.string, start, index, isEscaped)
                self.offset = index + 1
                return true
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                index += 1
            }
            guard byte >= 0x20 else { return false }
            index += 1
        }
        return false
    }

    private func readWord(_ word: StaticString, _ kind: Node.Kind) -> Bool {
        let start = self.offset
        for index in 0..<word.utf8CodeUnitCount {
            guard self.pass(word.utf8Start[index]) else { return false }
        }
        self.append(kind, start, self.offset, false)
        return true
    }

    private func readNumber() -> Bool {
        let start = self.offset
        while self.offset < self.bytes.count {
            switch self.bytes[self.offset] {
            case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                self.offset += 1
                continue
            default: break
            }
            break
        }
        guard self.offset > start else { return false }
        self.append(.number, start, self.offset, false)
        return true
    }

    private func append(_ kind: Node.Kind, _ start: Int, _ end: Int, _ isEscaped: Bool) {
        self.nodes.append(
            Node(
                kind: kind,
                isEscaped: isEscaped,
                start: Int32(start),
                end: Int32(end),
                next: Int32(self.nodes.count + 1)
            )
        )
    }
}
