/// How the mock cuts text into words, its unit of tokens: runs of non-space bytes, each with the spaces behind it.
enum TextWords {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// How many words a text has.
    static func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { Self.count($0) }
    }

    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var words = 0
        var insideWord = false
        for byte in bytes {
            let space = Self.isSpace(byte)
            if !space, !insideWord { words += 1 }
            insideWord = !space
        }
        return words
    }

    /// The words with their following spaces; joined they are the text again.
    static func split(_ text: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var words: [String] = []
            var start = 0
            var index = 0
            while index < bytes.count {
                while index < bytes.count, Self.isSpace(bytes[index]), words.isEmpty, start == 0 { index += 1 }
                while index < bytes.count, !Self.isSpace(bytes[index]) { index += 1 }
                while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
                words.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = index
            }
            return words
        }
    }

    /// The first words of a text without the space behind the last; nil if the text has no more than that.
    static func prefix(_ limit: Int, of text: String) -> String? {
        guard Self.count(text) > limit else { return nil }
        var cut = Self.split(text).prefix(limit).joined()
        while let last = cut.utf8.last, Self.isSpace(last) { cut.removeLast() }
        return cut
    }
}
