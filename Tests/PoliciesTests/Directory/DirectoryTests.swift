import Domain
import Synchronization
import Testing

@testable import Policies

@Suite struct DirectoryTests {
    private let quotas = Quotas()
    private let hash = KeyHash(words: (1, 2, 3, 4))

    private func key(_ change: (inout VirtualKey) -> Void = { _ in }) -> VirtualKey {
        var key = VirtualKey(hash: self.hash, name: "sk-...abcd")
        change(&key)
        return key
    }

    private func directory(_ key: VirtualKey, _ change: (inout RecordSet) -> Void = { _ in }) -> Directory {
        var records = RecordSet()
        records.keys = [key]
        change(&records)
        var builder = DirectoryBuilder(defaults: DirectoryDefaults())
        builder.load(records, keys: [])
        return builder.build()
    }

    private func principal(_ key: VirtualKey, _ change: (inout RecordSet) -> Void = { _ in }) throws -> Principal {
        let directory = self.directory(key, change)
        return try #require(directory.principal(of: key.hash, quotas: self.quotas, now: .start))
    }

    private func team(_ change: (inout Team) -> Void = { _ in }) -> Team {
        var team = Team(id: "team")
        change(&team)
        return team
    }

    private func refusal(_ principal: Principal, _ model: String = "gpt-4") -> GatewayError? {
        do {
            try principal.check(model: model, group: model, accessGroups: [], now: .start)
            return nil
        } catch {
            return error
        }
    }

    @Test func aKeyNobodyHasIsNobody() {
        let directory = self.directory(self.key())
        #expect(directory.principal(of: KeyHash(words: (9, 9, 9, 9)), quotas: self.quotas, now: .start) == nil)
        #expect(directory.isLoaded)
        #expect(!Directory().isLoaded)
    }

    @Test func withoutAnyListEverythingIsAllowed() throws {
        let principal = try self.principal(self.key())
        #expect(principal.mayUseEverything)
        #expect(self.refusal(principal) == nil)
    }

    @Test func modelsOfKeyTeamAndOrganizationIntersect() throws {
        var organization = Organization(id: "org")
        organization.models = ["gpt-4", "claude"]
        let team = self.team {
            $0.models = ["gpt-*"]
            $0.organizationID = "org"
        }
        let key = self.key {
            $0.teamID = "team"
            $0.models = ["gpt-4", "gpt-5", "claude"]
        }
        let principal = try self.principal(key) {
            $0.teams = [team]
            $0.organizations = [organization]
        }
        #expect(self.refusal(principal, "gpt-4") == nil)
        #expect(self.refusal(principal, "gpt-5")?.type == "org_model_access_denied")
        #expect(self.refusal(principal, "claude")?.type == "team_model_access_denied")
        #expect(self.refusal(principal, "mistral")?.type == "key_model_access_denied")
    }

    @Test func aTeamsKeyIsNotNarrowedByItsUser() throws {
        var user = User(id: "u")
        user.models = ["claude"]
        let own = self.key { $0.userID = "u" }
        #expect(self.refusal(try self.principal(own) { $0.users = [user] })?.type == "user_model_access_denied")
        let ofTeam = self.key {
            $0.userID = "u"
            $0.teamID = "team"
        }
        let principal = try self.principal(ofTeam) {
            $0.users = [user]
            $0.teams = [self.team()]
        }
        #expect(self.refusal(principal) == nil)
    }

    @Test func whoeverIsBlockedOrGoneBlocksTheKey() throws {
        var user = User(id: "u")
        user.isBlocked = true
        var removed = User(id: "u")
        removed.isRemoved = true
        let withUser = self.key { $0.userID = "u" }
        let withTeam = self.key { $0.teamID = "team" }
        #expect(self.refusal(try self.principal(self.key { $0.isBlocked = true }))?.code == "key_blocked")
        #expect(self.refusal(try self.principal(withUser) { $0.users = [user] })?.code == "user_blocked")
        #expect(self.refusal(try self.principal(withUser) { $0.users = [removed] })?.code == "user_removed")
        #expect(self.refusal(try self.principal(withTeam))?.code == "team_not_found")
        let blocked = self.team { $0.isBlocked = true }
        #expect(self.refusal(try self.principal(withTeam) { $0.teams = [blocked] })?.code == "team_blocked")
    }

    @Test func aKeyExpiresAtItsMoment() throws {
        let principal = try self.principal(self.key { $0.expiresAt = .start })
        #expect(self.refusal(principal)?.code == "expired_key")
        #expect(throws: Never.self) { try principal.checkStanding(now: WallTime.start.adding(-1)) }
    }

    @Test func changesMakeNewPrincipalsAndKeepWhatWasSpent() throws {
        var records = RecordSet()
        records.keys = [self.key()]
        var builder = DirectoryBuilder(defaults: DirectoryDefaults())
        builder.load(records, keys: [])
        let first = builder.build()
        first.note(spent: [self.hash: NanoDollars(7)])
        var changes = ChangeSet(revision: 1)
        changes.changed.keys = [self.key { $0.isBlocked = true }]
        builder.apply(changes)
        let second = builder.build()
        let before = try #require(first.principal(of: self.hash, quotas: self.quotas, now: .start))
        let after = try #require(second.principal(of: self.hash, quotas: self.quotas, now: .start))
        #expect(self.refusal(before) == nil)
        #expect(self.refusal(after)?.code == "key_blocked")
        #expect(after.entry.spent.amount.load(ordering: .relaxed) == 7)
        #expect(second.revision == 1)
    }

    /// Or whoever regenerates a key begins with an untouched budget.
    @Test func aRegeneratedKeyCountsWhereTheOldOneDid() throws {
        var records = RecordSet()
        let old = self.key { $0.allowance.maxBudget = NanoDollars(10) }
        records.keys = [old]
        var builder = DirectoryBuilder(defaults: DirectoryDefaults())
        builder.load(records, keys: [])
        let first = builder.build()
        first.note(spent: [self.hash: NanoDollars(9)])
        var new = old
        new.hash = KeyHash(words: (5, 6, 7, 8))
        new.replaces = old.hash
        new.lineage = old.account
        var changes = ChangeSet(revision: 1)
        changes.changed.keys = [new]
        changes.deleted = [(.key, old.hash.hex)]
        builder.apply(changes)
        let directory = builder.build()
        #expect(directory.principal(of: old.hash, quotas: self.quotas, now: .start) == nil)
        let principal = try #require(directory.principal(of: new.hash, quotas: self.quotas, now: .start))
        #expect(principal.record.key == old.hash)
        #expect(principal.entry.spent.amount.load(ordering: .relaxed) == 9)
        let former = try #require(first.principal(of: old.hash, quotas: self.quotas, now: .start))
        #expect(principal.limits.map(\.counters.subject) == former.limits.map(\.counters.subject))
    }

    @Test func deletedRecordsGo() {
        var records = RecordSet()
        records.keys = [self.key()]
        records.users = [User(id: "u")]
        records.teams = [self.team()]
        var builder = DirectoryBuilder(defaults: DirectoryDefaults())
        builder.load(records, keys: [])
        var changes = ChangeSet(revision: 3)
        changes.deleted = [(.key, self.hash.hex), (.user, "u"), (.team, "team"), (.team, "never was")]
        builder.apply(changes)
        let directory = builder.build()
        #expect(directory.keys.isEmpty && directory.users.isEmpty && directory.teams.isEmpty)
    }

    @Test func aSharedBudgetHoldsWhereTheKeyIsSilent() throws {
        var budget = Budget(id: "b")
        budget.allowance.maxBudget = NanoDollars(5)
        budget.allowance.rpm = 3
        let key = self.key {
            $0.budgetID = "b"
            $0.allowance.rpm = 1
        }
        let principal = try self.principal(key) { $0.budgets = [budget] }
        let set = try #require(principal.limits.first)
        #expect(set.requests == 1)
        #expect(set.budgets == [5])
    }
}

@Suite struct ModelRuleTests {
    @Test(
        arguments: [
            ([], "any", true), (["all-proxy-models"], "any", true), (["*"], "any", true),
            (["no-default-models"], "any", false), (["gpt-4"], "gpt-4", true), (["gpt-4"], "gpt-40", false),
            (["openai/*"], "openai/gpt-4", true), (["openai/*"], "anthropic/x", false),
            (["no-default-models", "gpt-4"], "gpt-4", true),
        ] as [([String], String, Bool)]
    )
    func allows(_ models: [String], _ model: String, _ expected: Bool) {
        #expect(ModelRule(models).allows(model, group: model, accessGroups: []) == expected)
    }

    @Test func namesOfAccessGroupsAllowTheirModels() {
        let rule = ModelRule(["beta"])
        #expect(rule.allows("gpt-5", group: "gpt-5", accessGroups: ["beta"]))
        #expect(!rule.allows("gpt-5", group: "gpt-5", accessGroups: ["alpha"]))
    }
}

@Suite struct RoutePatternTests {
    @Test(
        arguments: [
            (["llm_api_routes"], "/v1/chat/completions", true), (["llm_api_routes"], "/key/generate", false),
            (["/chat/completions"], "/v1/chat/completions", true),
            (["/v1/chat/completions"], "/chat/completions", true),
            (["/embeddings"], "/chat/completions", false), (["/chat/*"], "/chat/completions", true),
            (["management_routes"], "/chat/completions", false), (["*"], "/anything", true), ([], "/models", false),
        ] as [([String], String, Bool)]
    )
    func allows(_ patterns: [String], _ route: String, _ expected: Bool) {
        #expect(RoutePattern.allows(patterns, route) == expected)
    }
}
