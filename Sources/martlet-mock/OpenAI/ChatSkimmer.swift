/// Reads a plain chat request without building a tree of its messages.
///
/// Benchmarks go through here: one pass over the bytes counts the words and finds the last message. Anything out of
/// the ordinary (parts, tools, unknown fields, broken JSON) makes it give up, and the full reader takes over.
struct ChatSkimmer {
    /// What was found, if the request is plain.
    struct Finding {
        /// The members of the body without `messages`.
        let fields: JSONValue
        let words: Int
        let userText: String
    }

    private static let plainFields: Set<String> = [
        "model", "stream", "stream_options", "temperature", "top_p", "max_tokens", "max_completion_tokens", "user",
        "seed",
    ]

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var words = 0
    /// Where the content string of the latest message begins.
    private var lastContent = 0
    private var lastIsUser = false

    static func skim(_ bytes: UnsafeRawBufferPointer) -> Finding? {
        var skimmer = ChatSkimmer(bytes: bytes)
        return skimmer.body()
    }

    private init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private mutating func body() -> Finding? {
        var fields: [JSONValue.Member] = []
        guard self.take("{") else { return nil }
        repeat {
            guard let key = self.shortString(), self.take(":") else { return nil }
            if key == "messages" {
                guard self.messages() else { return nil }
            } else {
                guard Self.plainFields.contains(key), let value = self.value() else { return nil }
                fields.append(JSONValue.Member(key: key, value: value))
            }
        } while self.take(",")
        guard self.take("}"), self.isAtEnd, self.lastIsUser else { return nil }
        self.position = self.lastContent
        guard case .string(let text)? = self.value() else { return nil }
        return Finding(fields: .object(fields), words: self.words, userText: text)
    }

    private mutating func messages() -> Bool {
        guard self.take("[") else { return false }
        repeat {
            guard self.message() else { return false }
        } while self.take(",")
        return self.take("]")
    }

    private mutating func message() -> Bool {
        var hasRole = false
        var hasContent = false
        guard self.take("{") else { return false }
        repeat {
            guard let key = self.shortString(), self.take(":") else { return false }
            switch key {
            case "role":
                guard let role = self.shortString(), !hasRole else { return false }
                guard ["user", "system", "assistant", "developer"].contains(role) else { return false }
                self.lastIsUser = role == "user"
                hasRole = true
            case "content":
                self.skipSpace()
                self.lastContent = self.position
                guard self.take("\""), !hasContent, self.skipContent() else { return false }
                hasContent = true
            default:
                return false
            }
        } while self.take(",")
        return self.take("}") && hasRole && hasContent
    }

    /// Counts words up to the closing quote.
    ///
    /// `\u` escapes could hide spaces: those are for the full reader.
    private mutating func skipContent() -> Bool {
        var index = self.position
        var insideWord = false
        while index < self.bytes.count {
            var byte = self.bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                self.position = index
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard index < self.bytes.count, self.bytes[index] != UInt8(ascii: "u") else { return false }
                byte = Self.unescaped(self.bytes[index])
                index += 1
            } else if byte < 0x20 {
                return false
            }
            let space = TextWords.isSpace(byte)
            if !space, !insideWord { self.words += 1 }
            insideWord = !space
        }
        return false
    }

    /// A space for the escapes that mean one.
    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): 0x20
        default: UInt8(ascii: "x")
        }
    }

    /// A field name or role: short and without escapes.
    private mutating func shortString() -> String? {
        guard self.take("\"") else { return nil }
        let start = self.position
        while self.position < self.bytes.count, self.position - start < 32 {
            let byte = self.bytes[self.position]
            if byte == UInt8(ascii: "\\") { return nil }
            if byte == UInt8(ascii: "\"") {
                let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
                self.position += 1
                return text
            }
            self.position += 1
        }
        return nil
    }

    private mutating func value() -> JSONValue? {
        var parser = JSONParser(self.bytes, at: self.position)
        do throws(JSONError) {
            let value = try parser.value()
            self.position = parser.position
            return value
        } catch {
            return nil
        }
    }

    private var isAtEnd: Bool {
        self.bytes[self.position...].allSatisfy(TextWords.isSpace)
    }

    private mutating func skipSpace() {
        while self.position < self.bytes.count, TextWords.isSpace(self.bytes[self.position]) { self.position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        self.skipSpace()
        guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: character) else {
            return false
        }
        self.position += 1
        return true
    }
}
