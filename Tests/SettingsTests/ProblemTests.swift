import Settings
import Testing

/// Each kind of problem, with its exact place and words.
struct ProblemTests {
    @Test func namesAMisspeltKeyAndTheRightOne() {
        let report = Loading.load("model_list:\n  - model_name: a\n    litellm_parms: {model: gpt-4}\n")
        #expect(report.configuration == nil)
        #expect(
            report.lines == [
                "config.yaml:2:5: error: 'litellm_params' is missing in model_list[0]",
                "config.yaml:3:5: error: unknown key 'litellm_parms' in model_list[0]; "
                    + "did you mean 'litellm_params'?",
            ]
        )
    }

    @Test(
        arguments: [
            (
                "generall_settings: {}",
                "4:1: error: unknown key 'generall_settings' at the top level; "
                    + "did you mean 'general_settings'?"
            ),
            (
                "general_settings: {log_levl: info}",
                "4:20: error: unknown key 'log_levl' in general_settings; "
                    + "did you mean 'log_level'?"
            ),
            (
                "general_settings: {drop_params: true}",
                "4:20: error: unknown key 'drop_params' in general_settings; "
                    + "it belongs in 'litellm_settings'"
            ),
            (
                "general_settings: {log_level: loud}",
                "4:31: error: general_settings.log_level can't be 'loud'; "
                    + "one of trace, debug, info, notice, warning, error, critical"
            ),
            ("general_settings: [1]", "4:19: error: expected a mapping at general_settings, found a list"),
            (
                "general_settings: {database_url: 'mysql://x'}",
                "4:34: error: general_settings.database_url must start "
                    + "with sqlite:///, postgresql:// or postgres://"
            ),
            ("general_settings: {litellm_key_header_name: 'a b'}", "4:45: error: 'a b' can't be the name of a header"),
            (
                "litellm_settings: {drop_params: maybe}",
                "4:33: error: expected true or false at "
                    + "litellm_settings.drop_params, found the text 'maybe'"
            ),
            (
                "litellm_settings: {request_timeout: -1}",
                "4:37: error: litellm_settings.request_timeout must be more "
                    + "than zero"
            ),
            (
                "litellm_settings: {callbacks: [langfus]}",
                "4:31: error: litellm_settings.callbacks can't be 'langfus'; "
                    + "did you mean 'langfuse'?"
            ),
            (
                "router_settings: {routing_strategy: least-bussy}",
                "4:37: error: router_settings.routing_strategy can't "
                    + "be 'least-bussy'; did you mean 'least-busy'?"
            ),
            (
                "router_settings: {model_group_alias: {gpt-4: gpt-4}}",
                "4:46: error: router_settings.model_group_alias.gpt-4 "
                    + "refers to 'gpt-4', which is no model_name; did you mean 'gpt-4o'?"
            ),
            (
                "fallback_mapping: {gpt-4o: [claude]}",
                "4:29: error: fallback_mapping.gpt-4o refers to 'claude', which "
                    + "is no model_name; there are: gpt-4o"
            ),
            (
                "router_settings: {fallbacks: [{gpt4o: [gpt-4o]}]}",
                "4:32: error: router_settings.fallbacks refers to "
                    + "'gpt4o', which is no model_name; did you mean 'gpt-4o'?"
            ),
            ("server: {port: 70000}", "4:16: error: server.port must be between 0 and 65535, found 70000"),
            (
                "server: {max_body_size: 5 parsecs}",
                "4:25: error: expected a size in bytes, or such as 64KB or 100MB at "
                    + "server.max_body_size, found the text '5 parsecs'"
            ),
            (
                "server: {cors: {allow_credentials: true}}",
                "4:36: error: cors.allow_credentials with allow_origins "
                    + "\"*\" would let any web page act for its visitor; name the origins"
            ),
            (
                "user_config: [{user_id: a}, {user_id: a}]",
                "4:39: error: the user_id 'a' is taken by the entry at "
                    + "line 4"
            ),
            ("user_config: [{user_role: boss}]", "4:15: error: 'user_id' is missing in user_config[0]"),
            (
                "user_config: [{user_id: a, max_budget: 0.0000000001}]",
                "4:40: error: expected dollars, to nine decimal "
                    + "places at user_config[0].max_budget, found the number 0.0000000001"
            ),
            (
                "cache_settings: {similarity_threshold: 2}",
                "4:40: error: cache_settings.similarity_threshold must be "
                    + "between 0.0 and 1.0, found 2.0"
            ),
            (
                "rate_limit_config: {redis_port: six}",
                "4:33: error: expected a whole number at "
                    + "rate_limit_config.redis_port, found the text 'six'"
            ),
            ("logging: [{dsn: x}]", "4:11: error: 'type' is missing in logging[0]"),
        ] as [(String, String)]
    )
    func pointsAtTheProblem(_ yaml: String, _ expected: String) {
        let report = Loading.withModel(yaml + "\n")
        #expect(report.lines.contains("config.yaml:" + expected), "\(report.lines)")
        #expect(report.configuration == nil)
    }

    @Test(
        arguments: [
            (
                "rpm: many",
                "5:12: error: expected a whole number at model_list[0].litellm_params.rpm, found the text 'many'"
            ),
            ("rpm: 0", "5:12: error: model_list[0].litellm_params.rpm must be at least 1, found 0"),
            ("timeout: -5", "5:16: error: model_list[0].litellm_params.timeout must be more than zero"),
            (
                "api_base: api.openai.com",
                "5:17: error: model_list[0].litellm_params.api_base must be a URL with http:// "
                    + "or https://; did you mean 'https://api.openai.com'?"
            ),
            (
                "api_key: [sk-secret]",
                "5:16: error: expected text at model_list[0].litellm_params.api_key, found a list"
            ),
            (
                "organization: true",
                "5:21: error: expected text at model_list[0].litellm_params.organization, found the "
                    + "boolean true; put it in quotes"
            ),
            (
                "api_key: os.environ/OPENAI_API_KY",
                "5:16: error: environment variable 'OPENAI_API_KY' is not set "
                    + "(model_list[0].litellm_params.api_key); there is one named 'OPENAI_API_KEY'"
            ),
            ("litellm_credential_name: x", "5:32: error: no entry of credential_list is named 'x'"),
            (
                "input_cost_per_tokn: 1",
                "5:7: error: unknown key 'input_cost_per_tokn' in model_list[0].litellm_params; "
                    + "did you mean 'input_cost_per_token'?"
            ),
            (
                "input_cost_per_token: -1",
                "5:29: error: model_list[0].litellm_params.input_cost_per_token must be zero "
                    + "or more"
            ),
            ("extra_headers: {\"a:b\": c}", "5:22: error: 'a:b' can't be the name of a header"),
        ] as [(String, String)]
    )
    func pointsIntoTheParameters(_ yaml: String, _ expected: String) {
        let report = Loading.withParameters(yaml)
        #expect(report.errors.map(\.description) == ["config.yaml:" + expected])
    }

    @Test(
        arguments: [
            ("opnai/gpt-4o", "unknown provider 'opnai'; did you mean 'openai'?"),
            (
                "bedrock/titan",
                "LiteLLM knows the provider 'bedrock'; this version of Martlet has no way to speak to it"
            ),
            ("titan", "no provider is known for the model 'titan'; write it as provider/titan"),
        ]
    )
    func namesAProviderItCannotUse(_ model: String, _ expected: String) {
        let report = Loading.load("model_list:\n  - model_name: a\n    litellm_params: {model: \(model)}\n")
        #expect(report.lines == ["config.yaml:3:29: error: \(expected)"])
    }

    @Test func warnsOfWhatHasNoEffect() {
        let yaml = "general_settings: {alerting: [slack], max_parallel_requests: 5}\npolicies: []\nmcp_servers: {}\n"
        let report = Loading.withModel(yaml + "fallback_mapping: {}\nx-mine: {anything: goes}\n")
        #expect(report.configuration != nil)
        #expect(
            report.lines == [
                "config.yaml:4:20: warning: LiteLLM knows 'general_settings.alerting'; Martlet does not use it",
                "config.yaml:4:39: warning: 'general_settings.max_parallel_requests' is accepted, not in force yet",
                "config.yaml:5:1: warning: LiteLLM knows 'policies'; Martlet does not use it",
                "config.yaml:6:1: warning: LiteLLM knows 'mcp_servers'; Martlet does not use it",
                "config.yaml:7:1: warning: 'fallback_mapping' is accepted, not in force yet",
            ]
        )
    }

    @Test func reportsCloudCredentialsAsNotInForce() throws {
        let report = Loading.withParameters("aws_region_name: eu-west-1")
        #expect(
            report.lines == [
                "config.yaml:5:7: warning: 'model_list[0].litellm_params.aws_region_name' is accepted, not in force yet"
            ]
        )
        #expect(try #require(report.configuration).models[0].parameters.cloudCredentials[0].name == "aws_region_name")
    }

    @Test func tellsAnEmptyModelListFromNone() {
        let empty = Loading.load("model_list: []\n")
        let advice = "add a model, or leave the section out"
        #expect(empty.lines == ["config.yaml:1:13: error: model_list is empty; \(advice)"])
        for text in ["", "# nothing\n", "---\n", "general_settings: {}\n", "model_list:\n"] {
            let report = Loading.load(text)
            #expect(report.errors.isEmpty)
            #expect(report.configuration?.declaresModels == false)
            #expect(report.warnings.count == 1)
        }
    }

    @Test func reportsEveryProblemInOneRun() {
        let yaml = "server: {port: -1}\nmodel_list:\n  - model_name: a\n    litellm_params: {model: titan, rpm: x}\n"
        let report = Loading.load(yaml + "nonsense: 1\n")
        #expect(report.problems.map(\.line) == [1, 4, 4, 5])
    }

    @Test func doesNotShowSecrets() {
        let text = "general_settings:\n  master_key: [sk-very-secret]\n  database_url: mysql://u:pw-secret@h/d\n"
        let report = Loading.load("model_list:\n" + text)
        let shown = ProblemRenderer(color: true).render(report.problems)
        #expect(report.errors.count == 2)
        #expect(!shown.contains("secret"))
    }

    @Test func drawsACaretUnderThePlace() {
        let report = Loading.withModel("server: {port: 70000}\n")
        let expected = """
            config.yaml:4:16: error: server.port must be between 0 and 65535, found 70000
              4 | server: {port: 70000}
                |                ^
            1 error, 0 warnings

            """
        #expect(ProblemRenderer(color: false).render(report.problems) == expected)
    }
}
