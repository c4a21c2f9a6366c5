import Domain
import Settings
import Testing

/// How values are read: the two dialects, types, variables, duplicates, includes.
struct ReadingTests {
    @Test func readsLiteLLMsDialect() throws {
        let report = Loading.load(try Loading.fixture("litellm/full.yaml"))
        #expect(report.errors.map(\.description) == [])
        let configuration = try #require(report.configuration)
        let first = configuration.models[0].parameters
        #expect(first.timeout == .seconds(600))
        #expect(first.streamTimeout == .seconds(60))
        #expect(first.inputCostPerToken == UnitPrice(femtoDollars: 2_500_000_000))
        #expect(first.outputCostPerToken == UnitPrice(femtoDollars: 10_000_000_000))
        #expect(first.otherPrices["input_cost_per_token_priority"] == UnitPrice(femtoDollars: 4_250_000_000))
        #expect(first.extraHeaders.map(\.name) == ["x-team"])
        let body = ConfigValue.members(first.extraBody).json
        #expect(body == #"{"service_tier":"flex","seed":7,"nested":{"a":[1,2.50,null,true]}}"#)
        #expect(configuration.models[0].info.extra.map(\.name) == ["team_note"])
        let second = configuration.models[1].parameters
        #expect(second.timeout == .seconds(120))
        #expect(second.apiKey?.reveal() == "sk-ant-0123456789abcdef")
        #expect(second.apiBase == "https://api.anthropic.com")
        #expect(configuration.models[2].upstreamModel == "*")
        #expect(configuration.router.groupAliases.map(\.isHidden) == [false, true])
        #expect(configuration.general.masterKey?.reveal() == "sk-master-0123456789abcdef")
        #expect(configuration.server.maxBodySize == 20 << 20)
        #expect(configuration.cache?.redis.host == "cache.local")
        #expect(configuration.sharedCounters?.host == "cache.local")
        #expect(configuration.fallbacks.contextWindow == [FallbackRule(group: "gpt-4o", fallbacks: ["claude"])])
    }

    @Test func readsTheServerSectionWithItsDefaults() throws {
        let report = Loading.load(try Loading.fixture("martlet/server.yaml"))
        var server = try #require(report.configuration).server
        #expect(server.port == 4000)
        #expect(server.firstByteTimeout == .seconds(600))
        (server.host, server.port, server.threads, server.firstByteTimeout) = (nil, nil, nil, nil)
        #expect(server == ServerSettings())
    }

    @Test(
        arguments: [
            ("30", .seconds(30)), ("0.5", .milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("1h", .seconds(3600)), ("30d", .seconds(2_592_000)), ("250ms", .milliseconds(250)),
            ("1.5h", .seconds(5400)), ("1e3", .seconds(1000)), ("'90 s'", .seconds(90)), ("365d", .seconds(31_536_000)),
        ] as [(String, Duration)]
    )
    func readsDurations(_ text: String, _ expected: Duration) throws {
        let configuration = try #require(Loading.withParameters("timeout: \(text)").configuration)
        #expect(configuration.models[0].parameters.timeout == expected)
    }

    @Test(arguments: ["5x", "abc", "1e999999999999", "99999999999999999999d", ".", "-", "1h30m", "0"])
    func refusesWhatIsNoDuration(_ text: String) {
        #expect(Loading.withParameters("timeout: '\(text)'").configuration == nil)
    }

    @Test func convertsTextFromTheEnvironment() throws {
        let yaml = "drop_params: os.environ/YES\nrpm: os.environ/NUMBER\norganization: os.environ/YES\n"
        let report = Loading.withParameters(yaml + "api_key: os.environ/EMPTY")
        let parameters = try #require(report.configuration).models[0].parameters
        #expect(parameters.dropParams == true)
        #expect(parameters.rpm == 42)
        #expect(parameters.organization == "true")
        #expect(parameters.apiKey == nil)
        let path = "model_list[0].litellm_params.api_key"
        #expect(
            report.lines == [
                "config.yaml:8:16: warning: environment variable 'EMPTY' is empty; \(path) counts as not given"
            ]
        )
    }

    @Test func letsTheFileSetVariables() throws {
        let yaml = "environment_variables: {MINE: os.environ/NUMBER, OPENAI_API_KEY: other-key}\n"
        let report = Loading.load(
            "general_settings: {max_request_size_mb: os.environ/MINE, master_key: os.environ/OPENAI_API_KEY}\n" + yaml
        )
        let general = try #require(report.configuration).general
        #expect(general.maxRequestSizeMB == 42)
        #expect(general.masterKey?.reveal() == "other-key")
    }

    @Test func mergesDuplicateKeysAndSaysWhere() throws {
        let yaml = "server: {port: 1, host: a}\nserver: {port: 2}\nlogging: [{type: sentry}]\nlogging: [{type: otel}]\n"
        let report = Loading.withModel(yaml)
        let configuration = try #require(report.configuration)
        #expect(configuration.server.port == 2)
        #expect(configuration.server.host == "a")
        #expect(configuration.sinks.map(\.type) == ["otel"])
        let twice = report.lines.filter { $0.contains("twice") }
        #expect(
            twice == [
                "config.yaml:5:1: warning: 'server' stands twice, at lines 4 and 5; the two are merged, "
                    + "the later value winning",
                "config.yaml:5:10: warning: 'server.port' stands twice, at lines 4 and 5; the later is used",
                "config.yaml:7:1: warning: 'logging' stands twice, at lines 6 and 7; the later is used",
            ]
        )
    }

    @Test func followsIncludes() throws {
        let report = Loading.loader().load(path: try Loading.fixturePath("include/main.yaml"))
        let configuration = try #require(report.configuration, "\(report.lines)")
        #expect(configuration.modelGroups == ["first", "second", "third"])
        #expect(configuration.general.logLevel == .error)
        #expect(configuration.general.maxRequestSizeMB == 8)
        let conflict = try #require(report.warnings.first)
        #expect(conflict.file.hasSuffix("parts/settings.yaml"))
        #expect(conflict.line == 2)
    }

    @Test func findsIncludeCyclesAndMissingFiles() throws {
        let cycle = Loading.loader().load(path: try Loading.fixturePath("include/cycle.yaml"))
        #expect(cycle.configuration == nil)
        #expect(cycle.errors.first?.message == "'cycle.yaml' includes itself, here or further down")
        let missing = Loading.withModel("include: [nowhere.yaml]\n")
        #expect(missing.lines == ["config.yaml:4:11: error: can't include 'nowhere.yaml': there is no such file"])
        let unreadable = Loading.loader().load(path: "/nowhere/config.yaml")
        #expect(unreadable.lines == ["/nowhere/config.yaml: error: there is no such file"])
        #expect(Loading.loader().load(path: "/tmp").lines == ["/tmp: error: this is a directory, not a file"])
    }

    @Test func summarisesWithoutSecrets() throws {
        let configuration = try #require(Loading.load(try Loading.fixture("litellm/full.yaml")).configuration)
        let text = ConfigurationSummary(configuration).render()
        #expect(text.contains("openai/gpt-4o"))
        #expect(text.contains("key sk-...cdef"))
        #expect(text.contains("postgresql://***@db:5432/litellm"))
        #expect(!text.contains("0123456789"))
        #expect(!text.contains("redis-password"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}
