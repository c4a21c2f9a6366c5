/// The SHA-256 of a virtual key: all that is kept of one.
package struct KeyHash: Sendable, Hashable {
    /// The digest, eight bytes a word, the first byte in the first word's highest place.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The digest spelled in 64 hexadecimal digits, in either case; nil when it is no such spelling.
    package init?(hex: some StringProtocol) {
        var words: [UInt64] = [0, 0, 0, 0]
        var count = 0
        for byte in hex.utf8 {
            guard count < 64, let digit = Self.digit(byte) else { return nil }
            words[count / 16] = words[count / 16] << 4 | UInt64(digit)
            count += 1
        }
        guard count == 64 else { return nil }
        self.words = (words[0], words[1], words[2], words[3])
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// 64 hexadecimal digits in lower case: LiteLLM's `token`.
    package var hex: String {
        String(unsafeUninitializedCapacity: 64) { target in
            for (index, word) in [self.words.0, self.words.1, self.words.2, self.words.3].enumerated() {
                for place in 0..<16 {
                    let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - place * 4) & 0xf)
                    target[index * 16 + place] = digit < 10 ? 0x30 + digit : 0x57 + digit
                }
            }
            return 64
        }
    }

    package static func == (a: KeyHash, b: KeyHash) -> Bool { a.words == b.words }

    /// A digest is as good a hash as there is, so one word of it is enough.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.words.0) }
}

extension KeyHash: Codable, CustomStringConvertible {
    package var description: String { self.hex }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let hash = KeyHash(hex: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no key hash"))
        }
        self = hash
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.hex)
    }
}
