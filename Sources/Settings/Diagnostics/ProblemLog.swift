/// Collects the problems of one load, from every file and every reader.
///
/// A class because all readers of a load write into the one log; it never leaves the call that made it.
final class ProblemLog {
    /// More problems than this are counted and not kept: a file of garbage should not fill the screen.
    static let limit = 500

    private(set) var hasErrors = false
    private var problems: [ConfigurationProblem] = []
    private var seen: Set<ConfigurationProblem> = []
    private var dropped = 0
    private var texts: [(file: String, text: String)] = []

    /// True when further problems are only counted, so that costly advice (near names) can be left out.
    var isFull: Bool { self.problems.count >= Self.limit }

    /// Makes a file's text known: problems are sorted in this order, and quote their lines from it.
    func register(file: String, text: String) {
        self.texts.append((file, text))
    }

    func error(at position: SourcePosition, path: String, _ message: String, suggestion: String? = nil) {
        self.add(ConfigurationProblem(.error, at: position, path: path, message, suggestion: suggestion))
    }

    func warning(at position: SourcePosition, path: String, _ message: String, suggestion: String? = nil) {
        self.add(ConfigurationProblem(.warning, at: position, path: path, message, suggestion: suggestion))
    }

    /// A value that stands behind an anchor is read once per alias; the same problem is told once.
    private func add(_ problem: ConfigurationProblem) {
        if problem.severity == .error { self.hasErrors = true }
        guard !self.isFull else {
            self.dropped += 1
            return
        }
        if self.seen.insert(problem).inserted { self.problems.append(problem) }
    }

    /// The problems by file (in the order the files were read), line and column.
    func sorted() -> [ConfigurationProblem] {
        var rank: [String: Int] = [:]
        for (index, text) in self.texts.enumerated() where rank[text.file] == nil { rank[text.file] = index }
        func key(_ problem: ConfigurationProblem) -> (Int, Int, Int) {
            (rank[problem.file] ?? -1, problem.line, problem.column)
        }
        var result = self.problems.enumerated()
            .sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }
            .map(\.element)
        self.quoteLines(in: &result)
        if self.dropped > 0, let last = result.last {
            let position = SourcePosition.whole(last.file)
            let text = "\(self.dropped) further problems are not shown"
            result.append(ConfigurationProblem(self.hasErrors ? .error : .warning, at: position, path: "", text))
        }
        return result
    }

    private func quoteLines(in problems: inout [ConfigurationProblem]) {
        for (file, text) in self.texts {
            let wanted = Set(problems.lazy.filter { $0.file == file }.map(\.line))
            let lines = SourceLines(text).lines(wanted)
            for index in problems.indices where problems[index].file == file {
                problems[index].sourceLine = lines[problems[index].line]
            }
        }
    }
}

private func < (a: ((Int, Int, Int), Int), b: ((Int, Int, Int), Int)) -> Bool {
    a.0 == b.0 ? a.1 < b.1 : a.0 < b.0
}
