import NIOCore
import Transport

/// Passes an upstream's answer headers on as LiteLLM does: each as `llm_provider-NAME`, rate limits by their own name too.
///
/// Anthropic's `anthropic-ratelimit-requests-limit` also becomes OpenAI's `x-ratelimit-limit-requests`, so that one client
/// code reads both.
enum UpstreamHeaders {
    static func write(_ fields: HeaderFields, into output: inout ByteBuffer) {
        let bytes = fields.bytes.readableBytesUInt8Span
        for field in fields.items where !self.staysBehind(bytes, field.name) {
            let value = fields.slice(field.value)
            output.writeStaticString("llm_provider-")
            self.writeLowercased(bytes, field.name, into: &output)
            self.writeValue(value, into: &output)
            if self.hasPrefix(bytes, field.name, "x-ratelimit-") {
                self.writeLowercased(bytes, field.name, into: &output)
                self.writeValue(value, into: &output)
            } else if self.hasPrefix(bytes, field.name, "anthropic-ratelimit-") {
                self.writeRateLimit(fields.text(field.name).dropFirst(20), value, into: &output)
            }
        }
    }

    /// Fields that concern the connection to the upstream only, or that a client must not get.
    private static func staysBehind(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 10: HeaderFields.isNamed(bytes, name, "connection") || HeaderFields.isNamed(bytes, name, "set-cookie")
            || HeaderFields.isNamed(bytes, name, "keep-alive")
        case 17: HeaderFields.isNamed(bytes, name, "transfer-encoding")
        case 2: HeaderFields.isNamed(bytes, name, "te")
        case 7: HeaderFields.isNamed(bytes, name, "trailer") || HeaderFields.isNamed(bytes, name, "upgrade")
        default: false
        }
    }

    /// `requests-limit` becomes `x-ratelimit-limit-requests`.
    private static func writeRateLimit(_ tail: Substring, _ value: ByteBuffer, into output: inout ByteBuffer) {
        guard let dash = tail.lastIndex(of: "-") else { return }
        let what = tail[..<dash].lowercased()
        let which = tail[tail.index(after: dash)...].lowercased()
        output.writeString("x-ratelimit-\(which)-\(what)")
        self.writeValue(value, into: &output)
    }

    private static func writeValue(_ value: ByteBuffer, into output: inout ByteBuffer) {
        output.writeStaticString(": ")
        output.writeImmutableBuffer(value)
        output.writeStaticString("\r\n")
    }

    private static func writeLowercased(_ bytes: Span<UInt8>, _ range: Range<Int>, into output: inout ByteBuffer) {
        for index in range { output.writeInteger(HTTPGrammar.lowercased(bytes[index])) }
    }

    private static func hasPrefix(_ bytes: Span<UInt8>, _ range: Range<Int>, _ prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard range.count > count else { return false }
        return HeaderFields.isNamed(bytes, range.lowerBound..<range.lowerBound + count, prefix)
    }
}
