/// Reads one scalar node: resolves `os.environ/`, converts, and reports what does not fit.
struct ScalarReader {
    let context: ReadingContext
    let path: String
    let expected: String
    /// A secret's value is never part of a message.
    var isSecret = false

    func read<Value>(_ node: YAMLNode, _ convert: (String) -> Value?) -> Value? {
        guard case .scalar(let written, let isPlain) = node.content else { return self.refuse(node) }
        switch self.context.resolve(written, isPlain: isPlain, at: node.position, path: self.path) {
        case .absent, .failed: return nil
        case .value(let text, _):
            guard let value = convert(text) else { return self.refuse(node, resolved: text) }
            return value
        }
    }

    /// Text; a number counts as its spelling, a boolean does not.
    func readText(_ node: YAMLNode) -> String? {
        guard case .scalar(let written, let isPlain) = node.content else { return self.refuse(node) }
        switch self.context.resolve(written, isPlain: isPlain, at: node.position, path: self.path) {
        case .absent, .failed: return nil
        case .value(let text, let isPlain):
            if isPlain, case .boolean = PlainScalar(text) {
                let message = "expected text at \(self.path), found the boolean \(text)"
                self.context.log.error(at: node.position, path: self.path, message, suggestion: "put it in quotes")
                return nil
            }
            return text
        }
    }

    private func refuse<Value>(_ node: YAMLNode, resolved: String? = nil) -> Value? {
        var found = self.isSecret ? Found.kind(node) : Found.text(node)
        // What a variable held is not shown: it may be a secret that ended up in the wrong place.
        if case .scalar(let written, _) = node.content, written.hasPrefix(EnvironmentReference.prefix) {
            found = "the value of \(Found.shortened(written))"
        }
        let message = "expected \(self.expected) at \(self.path), found \(found)"
        self.context.log.error(at: node.position, path: self.path, message)
        return nil
    }
}

/// Words for what stands where something else was expected.
enum Found {
    static func kind(_ node: YAMLNode) -> String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(_, isPlain: false): return "text"
        case .scalar(let text, isPlain: true):
            switch PlainScalar(text) {
            case .null: return "nothing"
            case .boolean: return "a boolean"
            case .number: return "a number"
            case .text: return "text"
            }
        }
    }

    /// The kind with the value itself, cut short.
    static func text(_ node: YAMLNode) -> String {
        guard case .scalar(let text, let isPlain) = node.content else { return self.kind(node) }
        guard isPlain else { return "the text '\(self.shortened(text))'" }
        switch PlainScalar(text) {
        case .null: return "nothing"
        case .boolean: return "the boolean \(text)"
        case .number: return "the number \(self.shortened(text))"
        case .text: return "the text '\(self.shortened(text))'"
        }
    }

    static func shortened(_ text: String) -> String {
        let limit = 60
        return text.count > limit ? text.prefix(limit) + "..." : text
    }

    /// `between 0 and 65535`, or `at least 1` when there is no upper end to speak of.
    static func rangeText<Value: Comparable>(_ range: ClosedRange<Value>) -> String {
        if let upper = range.upperBound as? Int, upper == .max { return "at least \(range.lowerBound)" }
        if let upper = range.upperBound as? Double, upper == .greatestFiniteMagnitude {
            return "at least \(range.lowerBound)"
        }
        return "between \(range.lowerBound) and \(range.upperBound)"
    }
}
