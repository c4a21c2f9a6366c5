package import Domain

/// The most a call can cost, worked out before it is sent.
///
/// Every token the call may have is priced at the highest rate it could be billed by: input at the dearest of plain input
/// and cache writes, output at the dearest of plain and reasoning, both in the step of prices that the longest possible
/// prompt reaches and in every tier. So a settled cost is never above its bound, whatever the provider reports in tokens.
package struct CostBound: Sendable {
    private let sheet: PriceSheet
    /// By step of prices: the highest rates of that step and the ones below it, in any tier.
    ///
    /// Unit: femto-dollars.
    private let highest: [Rates]

    private struct Rates: Sendable {
        var input = TokenRates.unknown
        var output = TokenRates.unknown
    }

    package init(_ sheet: PriceSheet) {
        self.sheet = sheet
        var highest: [Rates] = []
        var rates = Rates()
        for step in 0...sheet.limits.count {
            for tier in ServiceTier.allCases where sheet.billsTokens {
                let own = sheet.rates(step: step, tier: tier)
                for rate in [own.input, own.cacheRead, own.cacheWrite, own.cacheWriteOneHour] {
                    rates.input = max(rates.input, rate)
                }
                for rate in [own.output, own.reasoning] { rates.output = max(rates.output, rate) }
            }
            highest.append(rates)
        }
        self.highest = highest
    }

    /// `input`: tokens the prompt has at the very most.
    ///
    /// `output`: tokens all answers together may have; nil when the request does not say, and then it is what the model
    /// can give, once for each of `choices`.
    ///
    /// Returns nil when the price is unknown, or the output is bounded by nobody.
    package func most(input: Int, output: Int?, choices: Int) -> NanoDollars? {
        guard self.sheet.isKnown else { return nil }
        let input = min(input, self.sheet.maximumInput ?? input)
        let output =
            output
            ?? self.sheet.maximumOutput.map { $0.multipliedReportingOverflow(by: max(1, choices)) }
            .map { $0.overflow ? Int.max : $0.partialValue }
        guard let output else { return nil }
        var amount = ExactAmount()
        if self.sheet.billsTokens {
            let rates = self.highest[self.sheet.step(forPrompt: input)]
            amount.add(input, rates.input)
            amount.add(output, rates.output)
        }
        if self.sheet.pieces.request >= 0 { amount.add(1, self.sheet.pieces.request) }
        return amount.isUnknown ? nil : amount.ceiling
    }

    /// How many tokens of output `amount` pays for, once `input` is paid; nil where the price is unknown or output is
    /// free.
    package func output(for amount: NanoDollars, input: Int) -> Int? {
        guard self.sheet.isKnown, self.sheet.billsTokens else { return nil }
        let rates = self.highest[self.sheet.step(forPrompt: input)]
        guard rates.output > 0, rates.input >= 0 else { return nil }
        let femtoDollars = Int128(amount.value) * 1_000_000 - Int128(input) * Int128(rates.input)
        return Int(clamping: max(0, femtoDollars / Int128(rates.output)))
    }
}
