import Domain
import WireFormats

/// Reads `usage` as OpenAI and its relatives write it.
///
/// Source: OpenAI API reference, "The chat completion object", usage; DeepSeek's `prompt_cache_hit_tokens`; LiteLLM's
/// and OpenRouter's cache fields.
enum OpenAIUsage {
    /// - Returns: nil when `value` is no object or counts nothing.
    static func read(_ value: Range<Int>?, in bytes: Span<UInt8>, reasoningIsApart: Bool = false) -> TokenUsage? {
        guard let value, JSONPeek.isObject(value, in: bytes) else { return nil }
        var usage = TokenUsage()
        var hasCounts = false
        var total: Int?
        var walk = ObjectWalk(value, in: bytes)
        while let member = walk.next(in: bytes) {
            let number = JSONPeek.integer(member.value, in: bytes)
            if JSONPeek.matches(bytes, member.key, "prompt_tokens") {
                usage.prompt = number ?? 0
                hasCounts = hasCounts || number != nil
            } else if JSONPeek.matches(bytes, member.key, "completion_tokens") {
                usage.completion = number ?? 0
                hasCounts = hasCounts || number != nil
            } else if JSONPeek.matches(bytes, member.key, "total_tokens") {
                total = number
            } else {
                self.readClass(member, number, bytes, into: &usage)
            }
        }
        // Embeddings of some servers report the total alone.
        if !hasCounts, let total { usage.prompt = total }
        guard hasCounts || total != nil else { return nil }
        // The total tells whether this model does leave the reasoning out.
        if reasoningIsApart, total != usage.total { usage.completion += usage.reasoning }
        return usage
    }

    private static func readClass(
        _ member: JSONMember,
        _ number: Int?,
        _ bytes: Span<UInt8>,
        into usage: inout TokenUsage
    ) {
        if JSONPeek.matches(bytes, member.key, "prompt_tokens_details") {
            self.readPrompt(member.value, bytes, into: &usage)
        } else if JSONPeek.matches(bytes, member.key, "completion_tokens_details") {
            self.readCompletion(member.value, bytes, into: &usage)
        } else if JSONPeek.matches(bytes, member.key, "prompt_cache_hit_tokens")
            || JSONPeek.matches(bytes, member.key, "cache_read_input_tokens")
        {
            usage.cacheRead = max(usage.cacheRead, number ?? 0)
        } else if JSONPeek.matches(bytes, member.key, "cache_creation_input_tokens") {
            usage.cacheWrite = max(usage.cacheWrite, number ?? 0)
        } else if JSONPeek.matches(bytes, member.key, "num_search_queries") {
            usage.searches = number ?? 0
        } else if JSONPeek.matches(bytes, member.key, "reasoning_tokens") {
            usage.reasoning = max(usage.reasoning, number ?? 0)
        } else if JSONPeek.matches(bytes, member.key, "cost") {
            usage.reportedCost = self.dollars(member.value, bytes)
        }
    }

    /// What the provider says the answer costs, in dollars (OpenRouter's `usage.cost`); nil where it is no number.
    private static func dollars(_ value: Range<Int>, _ bytes: Span<UInt8>) -> NanoDollars? {
        guard let first = value.first, (0x30...0x39).contains(bytes[first]) else { return nil }
        return NanoDollars(rounding: JSONText.decode(bytes, value))
    }

    private static func readPrompt(_ details: Range<Int>, _ bytes: Span<UInt8>, into usage: inout TokenUsage) {
        var walk = ObjectWalk(details, in: bytes)
        while let member = walk.next(in: bytes) {
            guard let number = JSONPeek.integer(member.value, in: bytes) else { continue }
            if JSONPeek.matches(bytes, member.key, "cached_tokens") {
                usage.cacheRead = max(usage.cacheRead, number)
            } else if JSONPeek.matches(bytes, member.key, "audio_tokens") {
                usage.audioInput = number
            } else if JSONPeek.matches(bytes, member.key, "cache_write_tokens")
                || JSONPeek.matches(bytes, member.key, "cache_creation_tokens")
            {
                usage.cacheWrite = max(usage.cacheWrite, number)
            }
        }
    }

    private static func readCompletion(_ details: Range<Int>, _ bytes: Span<UInt8>, into usage: inout TokenUsage) {
        var walk = ObjectWalk(details, in: bytes)
        while let member = walk.next(in: bytes) {
            guard let number = JSONPeek.integer(member.value, in: bytes) else { continue }
            if JSONPeek.matches(bytes, member.key, "reasoning_tokens") {
                usage.reasoning = max(usage.reasoning, number)
            } else if JSONPeek.matches(bytes, member.key, "audio_tokens") {
                usage.audioOutput = number
            }
        }
    }
}
