import Domain
import Testing

@testable import Policies

struct RefusalTests {
    private let quotas = Quotas()

    private func error(
        _ subject: QuotaSubject,
        _ label: String,
        _ values: LimitValues,
        spent: Int64 = 0,
        held: Bool = true,
        cost: Int64 = 0,
        tokens: Int64 = 2
    ) throws -> GatewayError {
        let set = self.quotas.limits(of: subject, label: label, values, at: .start)
        var reservation: Reservation?
        if held { reservation = self.quotas.reserve([set], tokens: 1, cost: spent).reservation }
        if spent > 0 { reservation?.settle(tokens: 1, cost: NanoDollars(spent)) }
        defer { withExtendedLifetime(reservation) {} }
        return try #require(self.quotas.reserve([set], tokens: tokens, cost: cost).refusal).error()
    }

    @Test func ratesAreRefusedInLiteLLMsWords() throws {
        let error = try self.error(QuotaSubject(.key, "f00"), "production", .with(requests: 1))
        #expect(
            error.message == "Rate limit exceeded for api_key: production. Limit type: requests. Current limit: 1, "
                + "Remaining: 0. Limit resets at: 2027-01-15 08:01:01 UTC"
        )
        #expect(error.status == 429)
        #expect(error.type == "throttling_error")
        #expect(error.retryAfterMilliseconds == 61_000)
    }

    @Test func namesTheModelTheTokensAndTheSlots() throws {
        let model = try self.error(QuotaSubject(.key, "f00", model: "gpt-5"), "ci", .with(tokens: 10), tokens: 10)
        #expect(
            model.message == "Rate limit exceeded for model_per_key: ci:gpt-5. Limit type: tokens. Current limit: 10, "
                + "Remaining: 9. The request needs 10. Limit resets at: 2027-01-15 08:01:01 UTC"
        )
        let large = try self.error(QuotaSubject(.team, "t"), "", .with(tokens: 10), tokens: 11)
        #expect(large.message.contains("team: t. Limit type: tokens"))
        #expect(large.message.contains("needs 11, more than the whole limit, and will never fit."))
        #expect(large.retryAfterMilliseconds == nil)
        let slots = try self.error(QuotaSubject(.user, "u"), "u", .with(parallel: 1))
        #expect(
            slots.message == "Rate limit exceeded for user: u. Limit type: max_parallel_requests. Current limit: 1, "
                + "Remaining: 0."
        )
        #expect(slots.retryAfterMilliseconds == 1000)
        let nothing = try self.error(.global, "", .with(requests: 0), held: false)
        #expect(nothing.message.contains("Rate limit exceeded for global. Limit type: requests. Current limit: 0"))
        #expect(nothing.message.hasSuffix("Nothing is allowed."))
    }

    @Test(arguments: [
        (
            QuotaSubject(.key, "f00"), "alias",
            "Budget has been exceeded! Key=alias Current cost: 0.002, Max budget: 0.002."
        ),
        (QuotaSubject(.user, "u"), "poor", "ExceededBudget: User=poor over budget. Spend=0.002, Budget=0.002."),
        (QuotaSubject(.endUser, "e"), "e", "ExceededBudget: End User=e over budget. Spend=0.002, Budget=0.002."),
        (QuotaSubject(.team, "t"), "", "Budget has been exceeded! Team=t Current cost: 0.002, Max budget: 0.002."),
        (QuotaSubject(.tag, "t1"), "t1", "Budget has been exceeded! Tag=t1 Current cost: 0.002, Max budget: 0.002."),
        (
            QuotaSubject(.teamMember, "t:u"), "u:t",
            "Budget has been exceeded! TeamMember=u:t Current cost: 0.002, Max budget: 0.002."
        ),
        (QuotaSubject.global, "", "Budget has been exceeded! Current cost: 0.002, Max budget: 0.002."),
        (
            QuotaSubject(.key, "f00", model: "gpt-5"), "alias",
            "LiteLLM Virtual Key: alias, exceeded budget for model=gpt-5. Current cost: 0.002, Max budget: 0.002."
        ),
    ])
    func budgetsAreRefusedInLiteLLMsWords(_ subject: QuotaSubject, _ label: String, _ message: String) throws {
        let error = try self.error(subject, label, .with(budget: 2_000_000), spent: 2_000_000)
        #expect(error.message == message)
        #expect(error.status == 422)
        #expect(error.type == "budget_exceeded")
        #expect(error.retryAfterMilliseconds == nil)
    }

    @Test func saysWhenABudgetBeginsAnew() throws {
        let period = BudgetPeriod(amount: 30, unit: .days)
        let error = try self.error(QuotaSubject(.team, "t"), "t", .with(budget: 5, period: period), spent: 5)
        #expect(error.message.contains("(per 30d)."))
        #expect(error.message.hasSuffix("Budget resets at: 2027-02-01 00:00:00 UTC"))
    }

    @Test func saysWhatIsLeftAndWhatIsSetAside() throws {
        let tooLarge = try self.error(
            QuotaSubject(.team, "t"),
            "t",
            .with(budget: 1_000_000_000),
            spent: 400_000_000,
            cost: 700_000_000
        )
        #expect(tooLarge.message.contains("may cost up to 0.7, and 0.6 is left; a smaller max_tokens costs less."))
        let set = self.quotas.set("a", .with(budget: 100_000_000))
        let held = self.quotas.reserve([set], cost: 80_000_000)
        let refusal = try #require(self.quotas.reserve([set], cost: 50_000_000).refusal)
        #expect(refusal.reason == .reserved)
        #expect(refusal.error().message.contains("have set aside 0.08; this one may cost up to 0.05."))
        #expect(refusal.error().retryAfterMilliseconds == 1000)
        #expect(refusal.error(budgetStatus: 400).status == 400)
        withExtendedLifetime(held) {}
    }
}
