/// How much of a streamed answer went by, to tell its tokens where the provider did not.
struct RelayedText: Sendable, Equatable {
    private var framing = 0
    private(set) var tokens = 0

    /// Bytes of text that make a token, about, in English.
    private static let bytesPerToken = 4

    /// Takes down an event that became `bytes` bytes of the answer.
    ///
    /// The first event of a stream names the role and holds no text, so its size is what an event has apart from text.
    /// An event holds at least one token: providers send them one by one, or several at once.
    mutating func note(_ bytes: Int) {
        guard bytes > 0 else { return }
        guard self.framing > 0 else {
            self.framing = bytes
            return
        }
        self.tokens += max(1, (bytes - self.framing) / Self.bytesPerToken)
    }
}
