import NIOCore
import Transport

/// Passes an upstream's answer headers on as LiteLLM does: each as `llm_provider-NAME`, rate limits by their own name too.
///
/// Anthropic's `anthropic-ratelimit-requests-limit` also becomes OpenAI's `x-ratelimit-limit-requests`, so that one client
/// code reads both.
enum UpstreamHeaders {
    /// `withRateLimits` is false where the caller's own limits are told under these names.
    static func write(_ fields: HeaderFields, withRateLimits: Bool, into output: inout ByteBuffer) {
        let bytes = fields.bytes.readableBytesUInt8Span
        for field in fields.items where !self.staysBehind(bytes, field.name) {
            self.writeLine("llm_provider-", fields, field.name, field.value, into: &output)
            guard withRateLimits else { continue }
            if self.hasPrefix(bytes, field.name, "x-ratelimit-") {
                self.writeLine("", fields, field.name, field.value, into: &output)
            } else if self.hasPrefix(bytes, field.name, "anthropic-ratelimit-") {
                self.writeRateLimit(fields, field, into: &output)
            }
        }
    }

    /// Fields that concern the connection to the upstream only, or that a client must not get.
    private static func staysBehind(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 10:
            HeaderFields.isNamed(bytes, name, "connection") || HeaderFields.isNamed(bytes, name, "set-cookie")
                || HeaderFields.isNamed(bytes, name, "keep-alive")
        case 17: HeaderFields.isNamed(bytes, name, "transfer-encoding")
        case 2: HeaderFields.isNamed(bytes, name, "te")
        case 7: HeaderFields.isNamed(bytes, name, "trailer") || HeaderFields.isNamed(bytes, name, "upgrade")
        default: false
        }
    }

    /// `anthropic-ratelimit-requests-limit` becomes `x-ratelimit-limit-requests`.
    private static func writeRateLimit(
        _ fields: HeaderFields,
        _ field: HeaderFields.Field,
        into output: inout ByteBuffer
    ) {
        let bytes = fields.bytes.readableBytesUInt8Span
        let tail = field.name.lowerBound + 20..<field.name.upperBound
        guard let dash = tail.last(where: { bytes[$0] == UInt8(ascii: "-") }) else { return }
        output.writeStaticString("x-ratelimit-")
        self.writeName(fields, dash + 1..<tail.upperBound, into: &output)
        output.writeStaticString("-")
        self.writeLine("", fields, tail.lowerBound..<dash, field.value, into: &output)
    }

    private static func writeLine(
        _ prefix: StaticString,
        _ fields: HeaderFields,
        _ name: Range<Int>,
        _ value: Range<Int>,
        into output: inout ByteBuffer
    ) {
        output.writeStaticString(prefix)
        self.writeName(fields, name, into: &output)
        output.writeStaticString(": ")
        output.writeImmutableBuffer(fields.slice(value))
        output.writeStaticString("\r\n")
    }

    /// Names are written in lower case, as most servers send them: those are copied whole.
    private static func writeName(_ fields: HeaderFields, _ name: Range<Int>, into output: inout ByteBuffer) {
        let bytes = fields.bytes.readableBytesUInt8Span
        for index in name where bytes[index] &- 0x41 < 26 {
            output.writeString(fields.text(name).lowercased())
            return
        }
        output.writeImmutableBuffer(fields.slice(name))
    }

    private static func hasPrefix(_ bytes: Span<UInt8>, _ range: Range<Int>, _ prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard range.count > count else { return false }
        return HeaderFields.isNamed(bytes, range.lowerBound..<range.lowerBound + count, prefix)
    }
}
