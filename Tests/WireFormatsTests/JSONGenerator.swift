import TestSupport
import NIOCore
import WireFormats

extension SeededRandom {
    mutating func below(_ limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &self)
    }

    mutating func pick(_ choices: [String]) -> String {
        choices[self.below(choices.count)]
    }
}

/// Writes random JSON text, with the white space, escapes and spellings that real writers do not use.
struct JSONGenerator {
    var random: SeededRandom

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
    }

    mutating func space() -> String {
        self.random.pick(["", "", "", " ", "\n", "\t", "\r\n", "  "])
    }

    mutating func value(depth: Int) -> String {
        switch self.random.below(depth > 0 ? 8 : 5) {
        case 0: self.random.pick(["null", "true", "false"])
        case 1: self.number()
        case 2, 3, 4: "\"" + self.stringContent() + "\""
        case 5: self.array(depth: depth - 1)
        default: self.text(of: self.members(depth: depth - 1))
        }
    }

    mutating func number() -> String {
        self.random.pick(["-", ""])
            + self.random.pick(["0", "7", "12", "340000000000000000000000", "9007199254740993"])
            + self.random.pick(["", "", ".0", ".50", ".000001"]) + self.random.pick(["", "", "e5", "E+07", "e-0"])
    }

    /// The inside of a string, escaped in one of the ways in which it can be.
    mutating func stringContent() -> String {
        let pieces = [
            "a", "plain text of some length ", "é", "e\u{301}", "日本", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0041",
            "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "{", "}", "[", "]", ",", ":", "\u{7f}", "\u{2028}", "",
        ]
        var content = ""
        for _ in 0..<self.random.below(6) { content += self.random.pick(pieces) }
        return content
    }

    private mutating func array(depth: Int) -> String {
        var elements: [String] = []
        for _ in 0..<self.random.below(4) { elements.append(self.space() + self.value(depth: depth) + self.space()) }
        return "[" + (elements.isEmpty ? self.space() : elements.joined(separator: ",")) + "]"
    }

    /// Members with different keys, none of them escaped.
    mutating func members(depth: Int, atMost count: Int = 5) -> [(key: String, value: String)] {
        var members: [(key: String, value: String)] = []
        for index in 0..<self.random.below(count + 1) {
            let key =
                index == 0 ? self.random.pick(["", "key"]) : self.random.pick(["k", "é", "日", "{"]) + String(index)
            members.append((key, self.value(depth: depth)))
        }
        return members
    }

    mutating func text(of members: [(key: String, value: String)]) -> String {
        var parts: [String] = []
        for member in members {
            parts.append(
                self.space() + "\"\(member.key)\"" + self.space() + ":" + self.space() + member.value + self.space()
            )
        }
        return "{" + (parts.isEmpty ? self.space() : parts.joined(separator: ",")) + "}"
    }

    /// `text` with one to three bytes removed, doubled, changed or cut off.
    mutating func mutation(of text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0...self.random.below(3) where !bytes.isEmpty {
            let index = self.random.below(bytes.count)
            switch self.random.below(5) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(bytes[self.random.below(bytes.count)], at: index)
            case 2: bytes[index] = Array("{}[]\",:\\0-.eEtfnu \n\u{1}".utf8).randomElement(using: &self.random) ?? 0
            case 3: bytes.swapAt(index, self.random.below(bytes.count))
            default: bytes.removeSubrange(index...)
            }
        }
        return bytes
    }
}

/// What the three readers make of a text: the error, or nil when they take it.
enum Readers {
    static func scan(_ bytes: [UInt8]) -> JSONSyntaxError? {
        let text = bytes.span
        var offset = 0
        do {
            JSONScanner.skipWhitespace(text, &offset)
            try JSONScanner.skipValue(text, &offset)
            JSONScanner.skipWhitespace(text, &offset)
        } catch {
            return error
        }
        return offset == text.count ? nil : JSONSyntaxError(.trailingBytes, at: offset)
    }

    static func parse(_ bytes: [UInt8]) -> JSONSyntaxError? {
        do {
            _ = try JSONValue(parsing: ByteBuffer(bytes: bytes))
            return nil
        } catch {
            return error
        }
    }

    static func members(_ bytes: [UInt8]) -> JSONSyntaxError? {
        var members = JSONMembers()
        do {
            try members.scan(bytes.span)
            return nil
        } catch {
            return error
        }
    }
}
