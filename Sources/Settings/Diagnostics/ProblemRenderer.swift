/// Writes problems for a terminal: one line each, then the source line and a caret under the place.
package struct ProblemRenderer: Sendable {
    package var color: Bool
    package var showsSource: Bool

    package init(color: Bool, showsSource: Bool = true) {
        self.color = color
        self.showsSource = showsSource
    }

    /// All problems and a closing line that counts them; empty when there are none.
    package func render(_ problems: [ConfigurationProblem]) -> String {
        guard !problems.isEmpty else { return "" }
        var text = problems.map { self.render($0) }.joined()
        let errors = problems.count { $0.severity == .error }
        let warnings = problems.count - errors
        text += "\(self.count(errors, "error")), \(self.count(warnings, "warning"))\n"
        return text
    }

    /// One problem, ending in a newline.
    package func render(_ problem: ConfigurationProblem) -> String {
        var text = self.painted(problem) + "\n"
        guard self.showsSource, let line = problem.sourceLine else { return text }
        let gutter = String(problem.line)
        let margin = String(repeating: " ", count: gutter.utf8.count)
        let indent = String(repeating: " ", count: max(0, problem.column - 1))
        text += "  \(gutter) | \(self.printable(line))\n"
        if problem.column <= line.unicodeScalars.count + 1 {
            text += "  \(margin) | \(indent)\(self.paint("^", problem.severity))\n"
        }
        return text
    }

    private func painted(_ problem: ConfigurationProblem) -> String {
        let plain = self.printable(problem.description)
        let word = ": \(problem.severity.rawValue): "
        guard self.color, let place = plain.firstRange(of: word) else { return plain }
        let severity = self.paint(problem.severity.rawValue + ":", problem.severity)
        return "\u{1B}[1m\(plain[..<place.lowerBound]):\u{1B}[0m \(severity) \(plain[place.upperBound...])"
    }

    private func paint(_ text: String, _ severity: ConfigurationProblem.Severity) -> String {
        guard self.color else { return text }
        return "\u{1B}[1;\(severity == .error ? 31 : 35)m\(text)\u{1B}[0m"
    }

    /// Control characters of the file must not reach the terminal.
    private func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isControl ? "?" : $0 }))
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool { self.generalCategory == .control }
}
