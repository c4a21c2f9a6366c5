import Domain
import NIOCore
import Policies
import Synchronization

/// What a call cost and what its key has spent, in LiteLLM's headers; amounts are exact dollars.
enum CostHeaders {
    static func write(_ cost: CallCost, into output: inout ByteBuffer) {
        guard let total = cost.total else {
            // An unknown price is not zero: whoever adds up must see it.
            output.writeStaticString("x-martlet-price: unknown\r\n")
            return
        }
        self.line("x-litellm-response-cost: ", total, into: &output)
        let answer = cost.output + cost.reasoning
        self.line("x-litellm-response-cost-input: ", cost.input, into: &output)
        self.line("x-litellm-response-cost-output: ", answer, into: &output)
        if cost.cacheRead > .zero { self.line("x-litellm-response-cost-cache-read: ", cost.cacheRead, into: &output) }
        if cost.cacheWrite > .zero {
            self.line("x-litellm-response-cost-cache-creation: ", cost.cacheWrite, into: &output)
        }
        if cost.reasoning > .zero { self.line("x-litellm-response-cost-reasoning: ", cost.reasoning, into: &output) }
        if cost.isEstimate { output.writeStaticString("x-martlet-price: estimate\r\n") }
    }

    /// A key's spend and limits.
    static func writeKey(_ principal: Principal, into output: inout ByteBuffer) {
        let entry = principal.entry
        self.line("x-litellm-key-spend: ", NanoDollars(entry.spent.amount.load(ordering: .relaxed)), into: &output)
        guard let allowance = entry.details?.allowance else { return }
        if let budget = allowance.maxBudget { self.line("x-litellm-key-max-budget: ", budget, into: &output) }
        if let limit = allowance.rpm { self.line("x-litellm-key-rpm-limit: ", limit, into: &output) }
        if let limit = allowance.tpm { self.line("x-litellm-key-tpm-limit: ", limit, into: &output) }
    }

    private static func line(_ name: StaticString, _ number: Int, into output: inout ByteBuffer) {
        output.writeStaticString(name)
        AnswerHeaders.writeDecimal(max(0, number), into: &output)
        output.writeStaticString("\r\n")
    }

    private static func line(_ name: StaticString, _ amount: NanoDollars, into output: inout ByteBuffer) {
        output.writeStaticString(name)
        self.writeDollars(amount, into: &output)
        output.writeStaticString("\r\n")
    }

    /// Dollars without an exponent or needless zeros, without a string between.
    static func writeDollars(_ amount: NanoDollars, into output: inout ByteBuffer) {
        let value = amount.value
        if value < 0 { output.writeInteger(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        AnswerHeaders.writeDecimal(Int(magnitude / 1_000_000_000), into: &output)
        var fraction = magnitude % 1_000_000_000
        guard fraction > 0 else { return }
        output.writeInteger(UInt8(ascii: "."))
        var place: UInt64 = 100_000_000
        while fraction > 0 {
            output.writeInteger(UInt8(0x30 + fraction / place))
            fraction %= place
            place /= 10
        }
    }
}
