import Domain
import Policies
import Testing

@Suite struct KeyRecordTests {
    /// What is kept for a start without the database is what the request path knows, all of it.
    @Test func aKeyComesBackFromItsEntry() {
        var key = VirtualKey(hash: KeyHash(words: (1, 2, 3, 4)), name: "sk-...abcd")
        #expect(KeyEntry(key).record == key)
        key.lineage = KeyHash(words: (9, 9, 9, 9))
        key.alias = "alias"
        key.userID = "anna"
        key.teamID = "red"
        key.organizationID = "acme"
        key.models = ["gpt-4o", "a/*"]
        key.expiresAt = WallTime(milliseconds: 5)
        key.isBlocked = true
        #expect(KeyEntry(key).record == key)
        key.allowance.maxBudget = NanoDollars(0)
        key.allowance.budgetPeriod = BudgetPeriod("30d")
        key.allowance.models = ["gpt-4o": ModelAllowance()]
        key.budgetID = "budget"
        key.aliases = ["x": "y"]
        key.tags = ["t"]
        key.allowedRoutes = []
        key.permissions = ["allow": false]
        #expect(KeyEntry(key).record == key)
        #expect(KeyEntry(KeyEntry(key).record).account == key.lineage)
    }
}
