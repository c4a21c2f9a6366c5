import Accounting
import Domain

/// What a deployment's calls cost, and at most may cost.
struct DeploymentPrices: Sendable {
    private struct Prices: Sendable {
        var calculator: CostCalculator
        var bound: CostBound

        init(_ sheet: PriceSheet) {
            self.calculator = CostCalculator(sheet)
            self.bound = CostBound(sheet)
        }
    }

    private enum Source: Sendable {
        case one(Prices)
        /// The model's name is filled in by each call.
        case byModel(PriceSheets)
    }

    private let source: Source
    /// Nothing is paid for answers that the gateway makes itself.
    private let isFree: Bool

    /// The prices of one model.
    init(_ sheet: PriceSheet, isFree: Bool) {
        self.source = .one(Prices(sheet))
        self.isFree = isFree
    }

    /// The prices of all models that a pattern stands for.
    init(_ sheets: PriceSheets) {
        self.source = .byModel(sheets)
        self.isFree = false
    }

    private func prices(_ model: String) -> Prices {
        switch self.source {
        case .one(let prices): prices
        case .byModel(let sheets): Prices(sheets.sheet(for: model))
        }
    }

    /// What `usage` costs; the total is nil where the price is unknown.
    func cost(of usage: TokenUsage, model: String) -> CallCost {
        var cost = self.prices(model).calculator.cost(of: usage)
        if cost.total == nil, self.isFree { cost.total = .zero }
        return cost
    }

    /// The most a call can cost; nil where the price is unknown.
    func bound(of size: CallSize, model: String) -> NanoDollars? {
        let most = self.prices(model).bound.most(
            input: size.highestInput,
            output: size.outputLimit,
            choices: size.choices
        )
        return most ?? (self.isFree ? .zero : nil)
    }

    /// How many tokens of output `amount` pays for, the input paid first; nil where the price is unknown.
    func output(for amount: NanoDollars, size: CallSize, model: String) -> Int? {
        self.prices(model).bound.output(for: amount, input: size.highestInput).map { $0 / max(1, size.choices) }
    }
}
