import Domain
import Providers
import Settings

/// Finds the configuration to start with: a file, or what the environment offers.
struct StartConfiguration {
    let catalog: Catalog
    /// What was read, with the command line's values put in.
    private(set) var configuration: Configuration
    /// The rendered problems that did not prevent it.
    private(set) var warnings: [String] = []

    /// - Throws: `StartFailure` when the file is not good, or there is nothing to serve.
    init(_ options: ServeOptions, catalog: Catalog) throws {
        self.catalog = catalog
        if let path = options.configPath ?? catalog.environment["CONFIG_FILE_PATH"] {
            let report = catalog.loader.load(path: path)
            guard let configuration = report.configuration else { throw Self.unusable(path, report) }
            self.configuration = configuration
            self.warnings = report.warnings.map(\.description)
        } else {
            self.configuration = Configuration(environment: catalog.environment)
        }
        self.configuration.models += EnvironmentModels(catalog).entries(for: self.configuration)
        if self.configuration.models.isEmpty, options.configPath == nil { throw StartFailure(Self.howToBegin(catalog)) }
        self.apply(options)
    }

    private mutating func apply(_ options: ServeOptions) {
        if self.configuration.general.masterKey == nil,
            let key = self.catalog.environment["LITELLM_MASTER_KEY"], !key.isEmpty
        {
            self.configuration.general.masterKey = Secret(key)
        }
        if let timeout = options.requestTimeout, self.configuration.library.requestTimeout == nil {
            self.configuration.library.requestTimeout = timeout
        }
        if options.dropsParameters { self.configuration.library.dropParams = true }
        if let port = options.port { self.configuration.server.port = port }
        if let host = options.host { self.configuration.server.host = host }
        if let threads = options.threads { self.configuration.server.threads = threads }
    }

    static func unusable(_ path: String, _ report: ConfigurationReport) -> StartFailure {
        let errors = report.errors
        let lines = errors.map { "  \($0.description)" }.joined(separator: "\n")
        let count = errors.count == 1 ? "a problem" : "\(errors.count) problems"
        return StartFailure("\(path) has \(count):\n\(lines)")
    }

    private static func howToBegin(_ catalog: Catalog) -> String {
        let variables = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GROQ_API_KEY"]
        return """
            there is nothing to serve yet. Either
              - set a provider's key, for example \(variables.joined(separator: " or ")), and start again: its models \
            are then offered as 'openai/gpt-4o' and so on; or
              - write a configuration and give it: martlet --config config.yaml
                    model_list:
                      - model_name: gpt-4o
                        litellm_params:
                          model: openai/gpt-4o
                          api_key: os.environ/OPENAI_API_KEY
            """
    }
}
