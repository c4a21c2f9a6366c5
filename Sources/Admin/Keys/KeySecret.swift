import Domain

/// A virtual key in the moment of its making: the only time it is whole.
struct KeySecret: Sendable {
    /// To be shown once.
    let text: Secret<String>

    /// A key like LiteLLM's: `sk-` and 22 url-safe base64 characters of 16 random bytes.
    init(random: (Int) -> [UInt8]) {
        self.text = Secret("sk-" + Self.base64(random(16)))
    }

    /// A key that its owner chose.
    ///
    /// - Throws: `badRequest` in LiteLLM's words when it is no key or easily guessed.
    init(chosen text: String) throws(GatewayError) {
        guard text.hasPrefix("sk-") else {
            throw .invalid(
                "Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: \(Self.masked(text))",
                param: "key"
            )
        }
        guard text.utf8.count >= 16 else {
            throw .invalid("Invalid key format. A custom key must be at least 16 characters long.", param: "key")
        }
        guard text.utf8.count <= 512, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .invalid(
                "Invalid key format. A custom key must be visible ASCII characters, at most 512.",
                param: "key"
            )
        }
        self.text = Secret(text)
    }

    var hash: KeyHash { KeyHash(of: self.text.reveal()) }

    /// `sk-...wxyz`.
    var name: String { "sk-...\(self.text.reveal().suffix(4))" }

    private static func masked(_ text: String) -> String {
        text.count > 12 ? "\(text.prefix(4))****\(text.suffix(4))" : "****"
    }

    /// Without padding, with `-` and `_` (RFC 4648, section 5).
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var result = ""
        var held: UInt32 = 0
        var bits = 0
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(alphabet[Int(held >> UInt32(bits) & 0x3f)])
            }
            // Only the bits that no character stands for yet.
            held &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { result.append(alphabet[Int(held << UInt32(6 - bits) & 0x3f)]) }
        return result
    }
}
