import Domain
import NIOCore

/// Writes usage in OpenAI's form, for providers that count in another.
///
/// Source: OpenAI API reference, "The chat completion object", usage.
enum UsageWriter {
    static func write(_ usage: TokenUsage, into output: inout ByteBuffer) {
        output.writeStaticString(#"{"prompt_tokens":"#)
        output.writeString(String(usage.prompt))
        output.writeStaticString(#","completion_tokens":"#)
        output.writeString(String(usage.completion))
        output.writeStaticString(#","total_tokens":"#)
        output.writeString(String(usage.total))
        output.writeStaticString(#","prompt_tokens_details":{"cached_tokens":"#)
        output.writeString(String(usage.cacheRead))
        output.writeStaticString(#","cache_write_tokens":"#)
        output.writeString(String(usage.cacheWrite))
        output.writeStaticString(#"},"completion_tokens_details":{"reasoning_tokens":"#)
        output.writeString(String(usage.reasoning))
        output.writeStaticString("}}")
    }
}
