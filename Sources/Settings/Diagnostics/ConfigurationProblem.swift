/// One thing that is wrong, or worth knowing, in a configuration file.
///
/// No problem carries the value of a secret; neither does its source line.
package struct ConfigurationProblem: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        case error
        case warning
    }

    package var severity: Severity
    package var position: SourcePosition
    /// Where in the configuration, as in `model_list[0].litellm_params.api_key`; empty for the file as a whole.
    package var path: String
    package var message: String
    /// What to do about it, as in `did you mean 'litellm_params'?`.
    package var suggestion: String?
    /// The line the problem is on, secrets hidden; nil when there is none.
    package var sourceLine: String?

    package var file: String { self.position.file }
    package var line: Int { self.position.line }
    package var column: Int { self.position.column }

    init(
        _ severity: Severity,
        at position: SourcePosition,
        path: String,
        _ message: String,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.position = position
        self.path = path
        self.message = message
        self.suggestion = suggestion
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// One line, as compilers write it.
    ///
    /// `config.yaml:12:5: error: unknown key 'litellm_parms' in model_list[0]; did you mean 'litellm_params'?`
    package var description: String {
        let place = self.line > 0 ? "\(self.file):\(self.line):\(self.column)" : self.file
        let advice = self.suggestion.map { "; \($0)" } ?? ""
        return "\(place): \(self.severity.rawValue): \(self.message)\(advice)"
    }
}
