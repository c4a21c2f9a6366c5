package import Domain

/// Counts what a stream has relayed, for the case that its end, and the provider's own count, never comes.
///
/// Costs three additions an event and looks at no byte. Events of one stream are the same but for the text they carry,
/// so the smallest of them tells how much of each is frame; the rest is text, at four bytes a token. Providers send
/// at least one token an event, which is the other bound. An estimate, and marked as one.
package struct TokenCounter: Sendable {
    private var events = 0
    private var bytes = 0
    private var smallest = Int.max

    package init() {}

    /// Takes note of an event that carries a piece of the answer.
    ///
    /// - Parameter bytes: the event's length, always counted in the same way (frame included or not).
    package mutating func note(eventBytes bytes: Int) {
        self.events &+= 1
        self.bytes &+= bytes
        self.smallest = min(self.smallest, bytes)
    }

    /// Tokens relayed so far, about.
    package var completion: Int {
        guard self.events > 0 else { return 0 }
        let text = max(0, self.bytes - self.events * self.smallest)
        return max(self.events, (text + 3) / 4)
    }

    /// The usage of a call whose provider did not say.
    ///
    /// `prompt`: about how many tokens the prompt has: ``InputEstimate/likely(_:)``.
    package func usage(prompt: Int) -> TokenUsage {
        TokenUsage(prompt: prompt, completion: self.completion, isEstimate: true)
    }

    /// About how many tokens a text has that came in one piece.
    package static func tokens(inText bytes: Int) -> Int { bytes <= 0 ? 0 : (bytes + 3) / 4 }
}
