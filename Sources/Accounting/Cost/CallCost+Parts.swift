package import Domain

extension CallCost {
    /// What the parts come to; the largest amount where that does not fit.
    package var sumOfParts: NanoDollars {
        self.input + self.cacheRead + self.cacheWrite + self.output + self.reasoning + self.media + self.extras
    }

    /// Takes `reported`, the provider's own word, as the total.
    ///
    /// The parts keep their proportions, rounded down, and what that leaves over is among the extras; without prices of
    /// our own all of it is.
    mutating func settle(on reported: NanoDollars) {
        let sum = self.total == nil ? .zero : self.sumOfParts
        self.total = reported
        self.source = "provider"
        guard sum != reported else { return }
        guard sum > .zero else {
            self.extras = reported
            return
        }
        func scaled(_ part: NanoDollars) -> NanoDollars {
            NanoDollars(Int64(clamping: Int128(part.value) * Int128(reported.value) / Int128(sum.value)))
        }
        self.input = scaled(self.input)
        self.cacheRead = scaled(self.cacheRead)
        self.cacheWrite = scaled(self.cacheWrite)
        self.output = scaled(self.output)
        self.reasoning = scaled(self.reasoning)
        self.media = scaled(self.media)
        self.extras = .zero
        self.extras = reported - self.sumOfParts
    }
}
