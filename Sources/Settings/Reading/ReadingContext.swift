internal import Domain

/// What every reader of one load shares: the log, the environment and the providers.
final class ReadingContext {
    let log: ProblemLog
    let providers: any ProviderDirectory
    /// The process environment, overridden by the file's `environment_variables`.
    private(set) var environment: [String: String]

    init(log: ProblemLog, providers: any ProviderDirectory, environment: [String: String]) {
        self.log = log
        self.providers = providers
        self.environment = environment
    }

    func override(variable: String, with value: String) {
        self.environment[variable] = value
    }

    /// The text of a scalar, `os.environ/NAME` replaced by that variable.
    func resolve(_ text: String, isPlain: Bool, at position: SourcePosition, path: String) -> ScalarReading {
        guard text.hasPrefix(EnvironmentReference.prefix) else {
            if isPlain, PlainScalar(text) == .null { return .absent }
            return .value(text, isPlain: isPlain)
        }
        let name = String(text.dropFirst(EnvironmentReference.prefix.count))
        guard let value = self.environment[name] else {
            let near = self.log.isFull ? [] : NearNames.nearest(to: name, in: self.environment.keys, limit: 1)
            let suggestion = near.first.map { "there is one named '\($0)'" }
            let message = "environment variable '\(name)' is not set (\(path))"
            self.log.error(at: position, path: path, message, suggestion: suggestion)
            return .failed
        }
        guard !value.isEmpty else {
            let message = "environment variable '\(name)' is empty; \(path) counts as not given"
            self.log.warning(at: position, path: path, message)
            return .absent
        }
        // A variable has no quotes to tell text from numbers; it is whatever is expected of it.
        return .value(value, isPlain: false)
    }
}

/// The form in which a value refers to an environment variable.
enum EnvironmentReference {
    static let prefix = "os.environ/"

    /// Whether the scalar, or an item of the list, is a reference.
    static func isUsed(in node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let text, _): text.hasPrefix(self.prefix)
        case .sequence(let items): items.contains { self.isUsed(in: $0) }
        case .mapping: false
        }
    }
}

/// What came of looking at a scalar.
enum ScalarReading {
    /// Null, or a variable that is set but empty.
    case absent
    /// A problem was reported.
    case failed
    /// `isPlain`: written without quotes, so that it may mean a number, a boolean or null.
    case value(String, isPlain: Bool)
}
