import Domain
import Settings
import Testing

/// Every configuration in chapter 7 loads.
///
/// The blocks are copied as they stand, with one exception: in `authentication.yaml` the shell and Python lines that
/// follow inside the same fence (from `# Create virtual keys for users` on) are left out, as a reader would.
struct ChapterFixtureTests {
    @Test(
        arguments: [
            "configuration-file", "authentication", "rate-limiting", "cost-tracking", "model-fallbacks",
            "load-balancing", "caching", "logging", "kubernetes-config-map",
        ]
    )
    func loadsWithoutAnError(_ name: String) throws {
        let report = Loading.loader().load(path: try Loading.fixturePath("chapter-7/\(name).yaml"))
        #expect(report.errors.map(\.description) == [])
        let configuration = try #require(report.configuration)
        #expect(!ConfigurationSummary(configuration).render().isEmpty)
    }

    @Test func readsTheConfigurationFile() throws {
        let report = Loading.load(try Loading.fixture("chapter-7/configuration-file.yaml"))
        let configuration = try #require(report.configuration)
        #expect(configuration.modelGroups == ["gpt-4", "claude-3", "gpt-3.5-turbo"])
        #expect(configuration.models.map(\.provider) == ["openai", "anthropic", "openai"])
        #expect(configuration.models[0].parameters.apiKey?.reveal() == "sk-openai-0123456789abcdef")
        #expect(configuration.general.database?.kind == .sqlite)
        #expect(configuration.sharedCounters?.port == 6379)
        let weak = try #require(report.warnings.first { $0.path == "general_settings.master_key" })
        #expect(weak.line == 20)
        #expect(weak.message.contains("WEAK MASTER KEY"))
    }

    @Test func mergesTheTwoGeneralSettings() throws {
        let report = Loading.load(try Loading.fixture("chapter-7/authentication.yaml"))
        let configuration = try #require(report.configuration)
        #expect(configuration.general.database?.kind == .postgres)
        #expect(configuration.users.map(\.userID) == ["user1", "user2"])
        #expect(configuration.users[0].maxBudget == NanoDollars(100_000_000_000))
        #expect(configuration.users[0].role == .appUser)
        let twice = report.warnings.filter { $0.message.contains("stands twice") }
        #expect(twice.map(\.path) == ["general_settings", "general_settings.database_url"])
        #expect(twice[0].message.contains("lines 2 and 20"))
    }

    @Test func readsLimitsAndBudgets() throws {
        let limits = try #require(Loading.load(try Loading.fixture("chapter-7/rate-limiting.yaml")).configuration)
        #expect(limits.users[0].rpmLimit == 100)
        #expect(limits.users[1].tpmLimit == 10_000)
        #expect(limits.general.globalMaxTPM == 1_000_000)
        let costs = try #require(Loading.load(try Loading.fixture("chapter-7/cost-tracking.yaml")).configuration)
        #expect(costs.users[0].budgetDuration == BudgetPeriod(amount: 30, unit: .days))
        #expect(costs.library.costTracking)
    }

    @Test func readsFallbacksCacheAndSinks() throws {
        let fallbacks = try #require(Loading.load(try Loading.fixture("chapter-7/model-fallbacks.yaml")).configuration)
        #expect(fallbacks.fallbacks.general == [FallbackRule(group: "gpt-4", fallbacks: ["gpt-4-fallback"])])
        let caching = try #require(Loading.load(try Loading.fixture("chapter-7/caching.yaml")).configuration)
        #expect(caching.cache?.isEnabled == true)
        #expect(caching.cache?.similarityThreshold == 0.8)
        #expect(caching.cache?.ttl == .seconds(3600))
        let logging = try #require(Loading.load(try Loading.fixture("chapter-7/logging.yaml")).configuration)
        #expect(logging.sinks.map(\.type) == ["datadog", "sentry", "langsmith"])
        #expect(logging.general.logLevel == .info)
    }
}
