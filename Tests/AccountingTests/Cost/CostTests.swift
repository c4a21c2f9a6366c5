import Domain
import TestSupport
import Testing

@testable import Accounting

struct CostTests {
    private func sheet(_ prices: [String: String]) throws -> PriceSheet {
        var own: [String: UnitPrice] = [:]
        for (name, price) in prices {
            let exact: UnitPrice = try #require(UnitPrice(exactly: price))
            own[name] = exact
        }
        return PriceBook(table: PriceTable(lines: "")).sheet(provider: "openai", model: "m", ownPrices: own)
    }

    private func dollars(_ text: String) throws -> NanoDollars { try #require(NanoDollars(exactly: text)) }

    /// litellm.md, section 6.2, check: gpt-4o, 9 prompt tokens of which 4 cached, 3 completion tokens of which 1 reasoning.
    @Test func eachClassHasItsPrice() throws {
        let sheet = try self.sheet([
            "input_cost_per_token": "2.5e-6", "cache_read_input_token_cost": "1.25e-6", "output_cost_per_token": "1e-5",
        ])
        let usage = TokenUsage(prompt: 9, completion: 3, cacheRead: 4, reasoning: 1)
        let cost = CostCalculator(sheet).cost(of: usage)
        // 5 * 2.5e-6, 4 * 1.25e-6, 2 * 1e-5, 1 * 1e-5.
        #expect(cost.input == (try self.dollars("0.0000125")))
        #expect(cost.cacheRead == (try self.dollars("0.000005")))
        #expect(cost.output == (try self.dollars("0.00002")))
        #expect(cost.reasoning == (try self.dollars("0.00001")))
        #expect(cost.total == (try self.dollars("0.0000475")))
        #expect(cost.source == "deployment")
    }

    @Test func cacheWritesOfAnHourAreDearer() throws {
        let sheet = try self.sheet([
            "input_cost_per_token": "3e-6", "output_cost_per_token": "15e-6",
            "cache_creation_input_token_cost": "3.75e-6", "cache_creation_input_token_cost_above_1hr": "6e-6",
        ])
        let usage = TokenUsage(prompt: 1000, completion: 0, cacheWrite: 800, cacheWriteOneHour: 300)
        // 200 * 3e-6 + 500 * 3.75e-6 + 300 * 6e-6 = 0.0006 + 0.001875 + 0.0018
        let cost = CostCalculator(sheet).cost(of: usage)
        #expect(cost.cacheWrite == (try self.dollars("0.003675")))
        #expect(cost.total == (try self.dollars("0.004275")))
    }

    @Test(arguments: [(200_000, "0.6"), (200_001, "1.200006")])
    func aLongPromptIsBilledWholeAtTheHigherStep(_ prompt: Int, _ total: String) throws {
        let sheet = try self.sheet([
            "input_cost_per_token": "3e-6", "output_cost_per_token": "0",
            "input_cost_per_token_above_200k_tokens": "6e-6",
        ])
        #expect(CostCalculator(sheet).cost(of: TokenUsage(prompt: prompt)).total == (try self.dollars(total)))
    }

    @Test(arguments: [(ServiceTier.flex, "0.5"), (.priority, "2"), (.batch, "1"), (.standard, "1")])
    func tiersHaveTheirPricesAndFallBackToThePlainOne(_ tier: ServiceTier, _ total: String) throws {
        let sheet = try self.sheet([
            "input_cost_per_token": "1e-6", "output_cost_per_token": "0",
            "input_cost_per_token_flex": "5e-7", "input_cost_per_token_priority": "2e-6",
        ])
        let cost = CostCalculator(sheet).cost(of: TokenUsage(prompt: 1_000_000), requestedTier: tier)
        #expect(cost.total == (try self.dollars(total)))
    }

    @Test func anUnknownPriceIsNotZero() throws {
        let unknown = CostCalculator(.unknown).cost(of: TokenUsage(prompt: 1, completion: 1))
        #expect(unknown.total == nil)
        let free = CostCalculator(try self.sheet(["input_cost_per_token": "0", "output_cost_per_token": "0"]))
        #expect(free.cost(of: TokenUsage(prompt: 1, completion: 1)).total == .zero)
    }

    @Test func whatTheProviderReportsWins() throws {
        let sheet = try self.sheet(["input_cost_per_token": "1e-6", "output_cost_per_token": "2e-6"])
        var usage = TokenUsage(prompt: 1000, completion: 1000)
        usage.reportedCost = try self.dollars("0.0042")
        let cost = CostCalculator(sheet).cost(of: usage)
        #expect(cost.total == (try self.dollars("0.0042")))
        #expect(cost.sumOfParts == cost.total)
        #expect(cost.source == "provider")
    }

    @Test func partsOfRandomCallsSumToTheTotalAndTheBoundHolds() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<5000 {
            var prices: [String: UnitPrice] = [:]
            for name in [
                "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost",
                "cache_creation_input_token_cost", "output_cost_per_reasoning_token",
                "input_cost_per_token_above_128k_tokens", "output_cost_per_token_above_128k_tokens",
            ] where name.hasSuffix("put_cost_per_token") || Bool.random(using: &random) {
                prices[name] = UnitPrice(femtoDollars: Int64.random(in: 0...100_000_000_000, using: &random))
            }
            let sheet = PriceBook(table: PriceTable(lines: "")).sheet(provider: "openai", model: "m", ownPrices: prices)
            let prompt = Int.random(in: 0...300_000, using: &random)
            let completion = Int.random(in: 0...50_000, using: &random)
            let usage = TokenUsage(
                prompt: prompt,
                completion: completion,
                cacheRead: Int.random(in: 0...300_000, using: &random),
                cacheWrite: Int.random(in: 0...300_000, using: &random),
                reasoning: Int.random(in: 0...60_000, using: &random)
            )
            let classes = TokenClasses(usage)
            #expect(classes.input + classes.cacheRead + classes.cacheWrite + classes.cacheWriteOneHour == prompt)
            #expect(classes.output + classes.reasoning == completion)
            let cost = CostCalculator(sheet).cost(of: usage)
            let total = try #require(cost.total)
            #expect(cost.sumOfParts == total)
            let bound = try #require(CostBound(sheet).most(input: prompt, output: completion, choices: 1))
            // Each part is rounded by itself, so the sum may be above the exact amount by half a nano-dollar a part.
            #expect(total <= bound + NanoDollars(3))
        }
    }

    @Test func everyModelOfTheTablePricesWithoutError() {
        let book = PriceBook()
        var models = 0
        var priced = 0
        PriceTable.bundled.forEachEntry { model, provider, _ in
            models += 1
            let sheet = book.sheet(provider: provider, model: model)
            let cost = CostCalculator(sheet).cost(of: TokenUsage(prompt: 1000, completion: 100))
            if let total = cost.total {
                priced += 1
                #expect(total >= .zero && total == cost.sumOfParts, "\(model)")
            }
        }
        #expect(models == PriceTable.bundled.count)
        #expect(priced > models / 2)
    }

    @Test func whatIsAffordableCostsNoMoreThanWasLeft() throws {
        let sheet = try self.sheet(["input_cost_per_token": "1e-6", "output_cost_per_token": "3e-6"])
        let left = try self.dollars("0.01")
        let tokens = try #require(CostBound(sheet).output(for: left, input: 1000))
        // (0.01 - 0.001) / 3e-6
        #expect(tokens == 3000)
        let most = try #require(CostBound(sheet).most(input: 1000, output: tokens, choices: 1))
        #expect(most <= left)
    }
}
