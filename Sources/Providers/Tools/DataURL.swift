import NIOCore
import WireFormats

/// A `data:` URL with base64 content, read without decoding it.
///
/// Source: RFC 2397.
struct DataURL {
    /// In lower case, without parameters; `image/jpg`, which does not exist, is `image/jpeg`.
    let mediaType: String
    /// Base64.
    let data: ByteBuffer
    /// Whether `data` is known to need no escapes in JSON.
    private let isPlain: Bool

    /// Nil for anything else.
    init?(_ string: JSONString) {
        let (raw, isPlain) = Self.unescaped(string)
        let bytes = raw.readableBytesUInt8Span
        guard bytes.count > 5, Self.isPrefix(bytes, "data:") else { return nil }
        var comma = 5
        // The part before the comma is short; a long search is over something else.
        while comma < min(bytes.count, 512), bytes[comma] != UInt8(ascii: ",") { comma += 1 }
        guard comma < min(bytes.count, 512) else { return nil }
        let header = JSONText.decode(bytes, 5..<comma).lowercased()
        guard header.hasSuffix(";base64") else { return nil }
        let type = String(header.prefix { $0 != ";" })
        self.mediaType = type == "image/jpg" ? "image/jpeg" : type
        self.data = raw.slice(comma + 1..<bytes.count)
        self.isPlain = isPlain
    }

    var isPlainText: Bool { self.mediaType.hasPrefix("text/") }

    /// Anthropic's source for the bytes as they are.
    var source: JSONValue {
        let data: JSONString = self.isPlain ? .escaped(self.data) : .text(String(buffer: self.data))
        return ["type": "base64", "media_type": .text(self.mediaType), "data": .string(data)]
    }

    /// Anthropic's source for a text.
    var textSource: JSONValue {
        let text = String(decoding: Base64.decode(self.data), as: UTF8.self)
        return ["type": "text", "media_type": "text/plain", "data": .text(text)]
    }

    /// The string's bytes; a slice where nothing is escaped, which base64 needs only for slashes of some encoders.
    private static func unescaped(_ string: JSONString) -> (raw: ByteBuffer, isPlain: Bool) {
        if case .escaped(let raw) = string, !raw.readableBytesView.contains(UInt8(ascii: "\\")) { return (raw, true) }
        return (ByteBuffer(string: string.text), false)
    }

    private static func isPrefix(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        JSONPeek.matches(bytes, 0..<text.utf8CodeUnitCount, text)
    }
}

extension Base64 {
    /// What `text` encodes; bytes that are not of the alphabet are passed over.
    static func decode(_ text: ByteBuffer) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.readableBytes / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text.readableBytesView {
            guard let sextet = self.sextet(byte) else { continue }
            bits = bits << 6 | sextet
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return decoded
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - 65)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - 97 + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 48 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
