import WireFormats

/// Why a message ended, in OpenAI's words.
///
/// Source: Anthropic API reference, "Handling stop reasons".
enum AnthropicStopReason {
    static func finish(_ range: Range<Int>?, in bytes: Span<UInt8>) -> StaticString? {
        guard let reason = JSONPeek.stringContent(range, in: bytes) else { return nil }
        if JSONPeek.matches(bytes, reason, "tool_use") { return "tool_calls" }
        if JSONPeek.matches(bytes, reason, "refusal") { return "content_filter" }
        for name in self.cut where JSONPeek.matches(bytes, reason, name) { return "length" }
        return "stop"
    }

    private static let cut: [StaticString] = ["max_tokens", "model_context_window_exceeded", "compaction"]
}
