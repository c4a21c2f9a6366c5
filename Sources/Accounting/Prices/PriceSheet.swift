import Domain

/// What one model costs, compiled so that pricing a call searches nothing and allocates nothing.
///
/// Built when a snapshot is; immutable and shared by all lanes.
package final class PriceSheet: Sendable {
    /// Where the prices are from, for ``CallCost/source``: `deployment`, `file:<version>` or `table:<version>`; nil
    /// where there are none.
    package let source: String?
    /// Prices that were rounded or left out when the sheet was made.
    package let problems: [PriceProblem]
    /// The longest prompt the model takes, as far as is known.
    ///
    /// Unit: tokens.
    package let maximumInput: Int?
    /// The longest answer the model gives, as far as is known.
    ///
    /// Unit: tokens.
    package let maximumOutput: Int?
    /// Whether tokens are billed at all.
    let billsTokens: Bool
    let pieces: PieceRates
    /// How many tokens one picture in a prompt is at most, see ``CallSize``.
    let tokensPerImage: Int
    /// Whether only prompts that ask for it are written to the provider's cache.
    let cachesOnRequest: Bool
    /// Whether the model searches without being asked to.
    let searchesUnasked: Bool
    /// Prompts longer than `limits[i]` are billed by step `i + 1`; ascending.
    let limits: [Int]
    /// By tier, then by step.
    private let rates: [TokenRates]
    /// For each case of ``ServiceTier``, in order, where its steps begin in `rates`.
    private let tierStarts: [Int]

    init(_ parts: PriceSheetCompiler.Parts) {
        self.source = parts.source
        self.problems = parts.problems
        self.maximumInput = parts.maximumInput
        self.maximumOutput = parts.maximumOutput
        self.billsTokens = parts.rates.contains { $0.hasInput || $0.hasOutput }
        self.pieces = parts.pieces
        self.tokensPerImage = parts.tokensPerImage
        self.cachesOnRequest = parts.cachesOnRequest
        self.searchesUnasked = parts.searchesUnasked
        self.limits = parts.limits
        self.rates = parts.rates
        self.tierStarts = parts.tierStarts
    }

    /// The sheet of a model nothing is known of: every call's price is unknown.
    package static let unknown = PriceSheet(PriceSheetCompiler.Parts())

    package var isKnown: Bool { self.billsTokens || self.pieces.hasWork }

    /// Whether calls are billed by how long they take: the caller then puts the call's own length into
    /// `inputMilliseconds` of its usage.
    package var billsCallTime: Bool { !self.billsTokens && self.pieces.inputSecond != TokenRates.unknown }

    /// The step whose prices hold for a prompt of `tokens`.
    func step(forPrompt tokens: Int) -> Int {
        var step = 0
        while step < self.limits.count, tokens > self.limits[step] { step += 1 }
        return step
    }

    func rates(step: Int, tier: ServiceTier) -> TokenRates {
        self.rates[self.tierStarts[tier.place] + step]
    }
}

extension ServiceTier {
    /// The case's place among all, without a list of them.
    var place: Int {
        switch self {
        case .standard: 0
        case .flex: 1
        case .priority: 2
        case .batch: 3
        case .ultrafast: 4
        case .balanced: 5
        case .decisions: 6
        }
    }
}
