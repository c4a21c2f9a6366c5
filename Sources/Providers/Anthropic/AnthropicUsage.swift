import Domain
import WireFormats

/// Anthropic's counts, which come in parts: a later report replaces what it names and leaves the rest.
///
/// Source: Anthropic API reference, "Messages", usage; provider-formats.md, section 2.4.
struct AnthropicUsage {
    private var input = 0
    private var cacheRead = 0
    private var cacheWrite = 0
    private var cacheWriteOneHour = 0
    private var output = 0
    private var thinking = 0
    private var searches = 0
    private(set) var isKnown = false

    /// OpenAI's way of counting: what was cached is part of the prompt.
    var tokens: TokenUsage {
        TokenUsage(
            prompt: self.input + self.cacheRead + self.cacheWrite,
            completion: self.output,
            cacheRead: self.cacheRead,
            cacheWrite: self.cacheWrite,
            cacheWriteOneHour: self.cacheWriteOneHour,
            reasoning: self.thinking,
            searches: self.searches
        )
    }

    mutating func read(_ value: Range<Int>?, in bytes: Span<UInt8>) {
        guard let value, JSONPeek.isObject(value, in: bytes) else { return }
        var walk = ObjectWalk(value, in: bytes)
        while let member = walk.next(in: bytes) {
            if let number = JSONPeek.integer(member.value, in: bytes) {
                self.readCount(member.key, number, bytes)
            } else {
                self.readDetails(member, bytes)
            }
        }
    }

    private mutating func readCount(_ key: Range<Int>, _ number: Int, _ bytes: Span<UInt8>) {
        if JSONPeek.matches(bytes, key, "input_tokens") {
            self.input = number
            self.isKnown = true
        } else if JSONPeek.matches(bytes, key, "output_tokens") {
            self.output = number
            self.isKnown = true
        } else if JSONPeek.matches(bytes, key, "cache_read_input_tokens") {
            self.cacheRead = number
        } else if JSONPeek.matches(bytes, key, "cache_creation_input_tokens") {
            self.cacheWrite = number
        }
    }

    private mutating func readDetails(_ member: JSONMember, _ bytes: Span<UInt8>) {
        func count(_ key: StaticString, _ known: Int) -> Int {
            JSONPeek.integer(JSONPeek.member(key, of: member.value, in: bytes), in: bytes) ?? known
        }
        if JSONPeek.matches(bytes, member.key, "cache_creation") {
            self.cacheWriteOneHour = count("ephemeral_1h_input_tokens", self.cacheWriteOneHour)
        } else if JSONPeek.matches(bytes, member.key, "output_tokens_details") {
            self.thinking = count("thinking_tokens", self.thinking)
        } else if JSONPeek.matches(bytes, member.key, "server_tool_use") {
            self.searches = count("web_search_requests", self.searches)
        }
    }
}
