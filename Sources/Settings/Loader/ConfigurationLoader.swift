package import Domain

/// Reads configuration files and says everything that is wrong with them in one go.
///
/// Total: whatever the bytes are, the answer is a report. Calls do blocking file I/O and belong on no event loop.
package struct ConfigurationLoader: Sendable {
    private let providers: any ProviderDirectory
    private let environment: [String: String]

    package init(providers: any ProviderDirectory, environment: [String: String]) {
        self.providers = providers
        self.environment = environment
    }

    /// Reads the file at `path` and those it includes.
    package func load(path: String) -> ConfigurationReport {
        let log = ProblemLog()
        switch ConfigurationFile.read(path) {
        case .failure(let reason):
            log.register(file: path, text: "")
            log.error(at: .whole(path), path: "", reason.message)
            return ConfigurationReport(configuration: nil, problems: log.sorted())
        case .success(let text):
            return self.report(text, file: path, log: log)
        }
    }

    /// Reads `yaml` as the contents of `file`, which includes are relative to.
    package func load(yaml: String, file: String) -> ConfigurationReport {
        self.report(yaml, file: file, log: ProblemLog())
    }

    private func report(_ text: String, file: String, log: ProblemLog) -> ConfigurationReport {
        let context = ReadingContext(log: log, providers: self.providers, environment: self.environment)
        var documents = DocumentLoading(context: context)
        var configuration: Configuration?
        if let root = documents.root(of: text, file: file) {
            var reading = ConfigurationReading(context: context)
            configuration = reading.read(root)
        }
        return ConfigurationReport(configuration: log.hasErrors ? nil : configuration, problems: log.sorted())
    }
}

/// What came of reading a configuration.
package struct ConfigurationReport: Sendable {
    /// Nil when any problem is an error.
    package var configuration: Configuration?
    /// By file, line and column.
    package var problems: [ConfigurationProblem]

    package init(configuration: Configuration?, problems: [ConfigurationProblem]) {
        self.configuration = configuration
        self.problems = problems
    }

    package var errors: [ConfigurationProblem] { self.problems.filter { $0.severity == .error } }
    package var warnings: [ConfigurationProblem] { self.problems.filter { $0.severity == .warning } }
}
