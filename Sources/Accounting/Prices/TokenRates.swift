/// The prices of all classes of tokens for one tier and one range of prompt lengths, with nothing left to look up.
///
/// Unit: femto-dollars a token. A class without a price is `unknown`, so that pricing is arithmetic and no search.
struct TokenRates: Sendable, Equatable {
    static let unknown: Int64 = -1

    var input = Self.unknown
    var cacheRead = Self.unknown
    var cacheWrite = Self.unknown
    var cacheWriteOneHour = Self.unknown
    var audioInput = Self.unknown
    var imageInput = Self.unknown
    var output = Self.unknown
    var reasoning = Self.unknown
    var audioOutput = Self.unknown
    var imageOutput = Self.unknown

    /// Fills classes that have no price by the one they are billed like.
    ///
    /// Source: litellm.md, section 6.2, steps 3 to 5.
    mutating func fillGaps() {
        func filled(_ own: Int64, _ other: Int64) -> Int64 { own == Self.unknown ? other : own }
        self.cacheRead = filled(self.cacheRead, self.input)
        self.cacheWrite = filled(self.cacheWrite, self.input)
        self.cacheWriteOneHour = filled(self.cacheWriteOneHour, self.cacheWrite)
        self.audioInput = filled(self.audioInput, self.input)
        self.imageInput = filled(self.imageInput, self.input)
        // A model that makes pictures or speech may have a price for these tokens alone: all it makes are those.
        self.output = filled(self.output, filled(self.imageOutput, self.audioOutput))
        self.reasoning = filled(self.reasoning, self.output)
        self.audioOutput = filled(self.audioOutput, self.output)
        self.imageOutput = filled(self.imageOutput, self.output)
    }

    var hasInput: Bool { self.input != Self.unknown }
    var hasOutput: Bool { self.output != Self.unknown }
}
