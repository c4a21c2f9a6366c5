package import Domain

/// Prices a call's usage by a model's sheet.
///
/// Exact integers throughout: each part is rounded half to even at a nano-dollar once, and the total is the parts' sum.
/// Source: litellm.md, section 6.2.
package struct CostCalculator: Sendable {
    private let sheet: PriceSheet

    package init(_ sheet: PriceSheet) {
        self.sheet = sheet
    }

    /// What `usage` costs; the total is nil when something was used whose price is not known.
    ///
    /// A cost the provider reports wins. Nothing is allocated.
    ///
    /// `requestedTier`: the tier the request asked for; what the answer says of it comes first.
    package func cost(of usage: TokenUsage, requestedTier: ServiceTier? = nil) -> CallCost {
        var work = Work()
        if self.sheet.isKnown {
            self.addTokens(of: usage, tier: usage.serviceTier ?? requestedTier ?? .standard, to: &work)
            self.addPieces(of: usage, to: &work)
        } else {
            work.isUnknown = true
        }
        var cost = work.cost
        cost.isEstimate = usage.isEstimate
        cost.source = self.sheet.source
        if let reported = usage.reportedCost, reported >= .zero { cost.settle(on: reported) }
        return cost
    }

    private func addTokens(of usage: TokenUsage, tier: ServiceTier, to work: inout Work) {
        guard self.sheet.billsTokens else { return }
        let classes = TokenClasses(usage)
        let rates = self.sheet.rates(step: self.sheet.step(forPrompt: usage.prompt), tier: tier)
        work.input.add(classes.input, rates.input)
        work.cacheRead.add(classes.cacheRead, rates.cacheRead)
        work.cacheWrite.add(classes.cacheWrite, rates.cacheWrite)
        work.cacheWrite.add(classes.cacheWriteOneHour, rates.cacheWriteOneHour)
        work.media.add(classes.audioInput, rates.audioInput)
        work.media.add(classes.imageInput, rates.imageInput)
        work.output.add(classes.output, rates.output)
        work.reasoning.add(classes.reasoning, rates.reasoning)
        work.media.add(classes.audioOutput, rates.audioOutput)
        work.media.add(classes.imageOutput, rates.imageOutput)
    }

    /// What is billed by the piece.
    ///
    /// Where a model has prices for tokens as well, usage in tokens is what it is billed by, and the pieces stand only
    /// for answers that report none: a transcription has either a length or tokens.
    private func addPieces(of usage: TokenUsage, to work: inout Work) {
        let pieces = self.sheet.pieces
        work.extras.add(usage.searches, self.searchRate(usage.searchContext))
        if pieces.request >= 0 { work.extras.add(1, pieces.request) }
        if usage.imageOutput <= 0, usage.images > 0, pieces.imageMade >= 0 || usage.completion <= 0 {
            work.media.add(usage.images, pieces.imageMade)
        }
        let hasTokens = usage.prompt > 0 || usage.completion > 0
        guard !self.sheet.billsTokens || !hasTokens else { return }
        work.media.add(thousandths: usage.inputMilliseconds, pieces.inputSecond)
        work.media.add(thousandths: usage.outputMilliseconds, pieces.outputSecond)
        work.extras.add(usage.characters, pieces.character)
        work.extras.add(usage.queries, pieces.query)
        work.extras.add(usage.pages, pieces.page)
        // Tokens that nothing was billed instead of are of unknown price.
        if hasTokens, !Self.hasPieces(usage), pieces.request < 0 { work.isUnknown = true }
    }

    private func searchRate(_ context: SearchContext?) -> Int64 {
        switch context {
        case .low: self.sheet.pieces.searchLow
        case .medium, nil: self.sheet.pieces.searchMedium
        case .high: self.sheet.pieces.searchHigh
        }
    }

    private static func hasPieces(_ usage: TokenUsage) -> Bool {
        usage.images > 0 || usage.inputMilliseconds > 0 || usage.outputMilliseconds > 0 || usage.characters > 0
            || usage.queries > 0 || usage.pages > 0
    }
}

/// The parts of a cost before they are rounded.
private struct Work {
    var input = ExactAmount()
    var cacheRead = ExactAmount()
    var cacheWrite = ExactAmount()
    var output = ExactAmount()
    var reasoning = ExactAmount()
    var media = ExactAmount()
    var extras = ExactAmount()
    var isUnknown = false

    var cost: CallCost {
        var cost = CallCost()
        let isUnknown =
            self.isUnknown || self.input.isUnknown || self.cacheRead.isUnknown || self.cacheWrite.isUnknown
            || self.output.isUnknown || self.reasoning.isUnknown || self.media.isUnknown || self.extras.isUnknown
        guard !isUnknown else { return cost }
        cost.input = self.input.rounded
        cost.cacheRead = self.cacheRead.rounded
        cost.cacheWrite = self.cacheWrite.rounded
        cost.output = self.output.rounded
        cost.reasoning = self.reasoning.rounded
        cost.media = self.media.rounded
        cost.extras = self.extras.rounded
        cost.total = cost.sumOfParts
        return cost
    }
}
