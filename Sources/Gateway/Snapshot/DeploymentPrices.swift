import Accounting
import Domain

/// What a deployment's calls cost, and at most may cost.
struct DeploymentPrices: Sendable {
    /// What `usage` costs; the total is nil where the price is unknown.
    func cost(of usage: TokenUsage, model: String) -> CallCost { CallCost() }

    /// The most a call can cost; nil where the price is unknown.
    func bound(of size: CallSize, model: String) -> NanoDollars? { nil }

    /// How many tokens of output `amount` pays for, the input paid first; nil where the price is unknown.
    func output(for amount: NanoDollars, size: CallSize, model: String) -> Int? { nil }
}
