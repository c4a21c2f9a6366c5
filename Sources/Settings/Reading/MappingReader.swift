internal import Domain

/// Reads typed fields from one mapping of the configuration and reports everything about it that is wrong.
///
/// A field that is absent, null or wrong reads as nil; what is wrong goes to the log. Every key that was asked for
/// counts as known; ``finish(_:)`` reports the others.
struct MappingReader {
    let path: String
    let position: SourcePosition
    let context: ReadingContext
    private let list: MemberList
    private var asked: Set<String> = []

    /// Nil when `node` is no mapping, which is reported unless it is null.
    init?(_ node: YAMLNode, path: String, context: ReadingContext) {
        guard case .mapping(let members) = node.content else {
            if !node.isNull {
                let message = "expected a mapping at \(path), found \(Found.text(node))"
                context.log.error(at: node.position, path: path, message)
            }
            return nil
        }
        self.path = path
        self.position = node.position
        self.context = context
        self.list = MemberList(members)
    }

    var members: [YAMLMember] { self.list.members }

    /// The member itself, which counts as asked for: for values that are read in a way of their own.
    mutating func member(_ key: String) -> YAMLMember? {
        self.asked.insert(key)
        return self.list[key]
    }

    /// Whether the key is there with a value that is not null.
    func has(_ key: String) -> Bool {
        self.list[key].map { !$0.value.isNull } ?? false
    }

    func wasAsked(_ key: String) -> Bool {
        self.asked.contains(key)
    }

    func pathOf(_ key: String) -> String {
        ConfigurationPath.joined(self.path, key)
    }

    func error(_ key: String, _ message: String, suggestion: String? = nil) {
        let place = self.list[key]?.value.position ?? self.position
        self.context.log.error(at: place, path: self.pathOf(key), message, suggestion: suggestion)
    }

    func warning(_ key: String, _ message: String, suggestion: String? = nil) {
        let place = self.list[key]?.keyPosition ?? self.position
        self.context.log.warning(at: place, path: self.pathOf(key), message, suggestion: suggestion)
    }

    /// Reports that a key is missing.
    mutating func require(_ key: String) {
        self.asked.insert(key)
        guard self.list[key].map({ $0.value.isNull }) ?? true else { return }
        let place = self.list[key]?.keyPosition ?? self.position
        self.context.log.error(at: place, path: self.pathOf(key), "'\(key)' is missing in \(self.path)")
    }

    // MARK: - Scalars

    /// Reads a scalar through `convert`; a value that does not convert is an error that says what was expected.
    mutating func scalar<Value>(
        _ key: String,
        expected: String,
        isSecret: Bool = false,
        _ convert: (String) -> Value?
    ) -> Value? {
        guard let node = self.member(key)?.value else { return nil }
        let path = self.pathOf(key)
        let reader = ScalarReader(context: self.context, path: path, expected: expected, isSecret: isSecret)
        return reader.read(node, convert)
    }

    mutating func string(_ key: String) -> String? {
        guard let node = self.member(key)?.value else { return nil }
        return ScalarReader(context: self.context, path: self.pathOf(key), expected: "text").readText(node)
    }

    mutating func secret(_ key: String) -> Secret<String>? {
        guard let node = self.member(key)?.value else { return nil }
        let path = self.pathOf(key)
        let reader = ScalarReader(context: self.context, path: path, expected: "text", isSecret: true)
        // An empty secret is none: `password: ""`.
        return reader.readText(node).flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    mutating func bool(_ key: String) -> Bool? {
        self.scalar(key, expected: "true or false", ScalarConversion.boolean)
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let value = self.scalar(key, expected: "a whole number", ScalarConversion.integer) else { return nil }
        return self.checked(key, value, range)
    }

    mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
        guard let value = self.scalar(key, expected: "a number", ScalarConversion.number) else { return nil }
        return self.checked(key, value, range)
    }

    /// A duration of at least zero; zero itself only where it means "off" or "at once".
    mutating func duration(_ key: String, allowsZero: Bool = false) -> Duration? {
        let expected = "seconds or a duration such as 30s, 5m, 1h"
        guard let value = self.scalar(key, expected: expected, ScalarConversion.duration) else { return nil }
        if value < .zero || (value == .zero && !allowsZero) {
            self.error(key, "\(self.pathOf(key)) must be \(allowsZero ? "zero or more" : "more than zero")")
            return nil
        }
        return value
    }

    mutating func byteCount(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        let expected = "a size in bytes, or such as 64KB or 100MB"
        guard let value = self.scalar(key, expected: expected, ScalarConversion.byteCount) else { return nil }
        return self.checked(key, value, range)
    }

    mutating func money(_ key: String) -> NanoDollars? {
        let expected = "dollars, to nine decimal places"
        guard let value = self.scalar(key, expected: expected, { NanoDollars(exactly: $0) }) else { return nil }
        if value < .zero {
            self.error(key, "\(self.pathOf(key)) must be zero or more")
            return nil
        }
        return value
    }

    mutating func price(_ key: String) -> UnitPrice? {
        let expected = "a price in dollars"
        guard let value = self.scalar(key, expected: expected, { UnitPrice(rounding: $0) }) else { return nil }
        if value < .zero {
            self.error(key, "\(self.pathOf(key)) must be zero or more")
            return nil
        }
        return value
    }

    mutating func budgetPeriod(_ key: String) -> BudgetPeriod? {
        self.scalar(key, expected: "a period such as 30s, 12h, 30d or 1mo", BudgetPeriod.init)
    }

    /// One of a few words; case is ignored.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = self.string(key) else { return nil }
        if let choice = type.allCases.first(where: { $0.rawValue == text.lowercased() }) { return choice }
        self.refuse(key, text, allowed: type.allCases.map(\.rawValue))
        return nil
    }

    /// Reports that `text` is none of `allowed`: the nearest of them if one is near, else all.
    func refuse(_ key: String, _ text: String, allowed: [String]) {
        let suggestion = Advice.didYouMean(text, among: allowed, orKnown: "one of")
        self.error(key, "\(self.pathOf(key)) can't be '\(self.shown(text, of: key))'", suggestion: suggestion)
    }

    /// `text` for a message; a variable's value shows as the reference to it, for it may be a secret gone astray.
    func shown(_ text: String, of key: String) -> String {
        guard let node = self.list[key]?.value else { return Found.shortened(text) }
        return EnvironmentReference.isUsed(in: node) ? "os.environ/..." : Found.shortened(text)
    }

    private func checked<Value: Comparable>(_ key: String, _ value: Value, _ range: ClosedRange<Value>) -> Value? {
        guard !range.contains(value) else { return value }
        self.error(key, "\(self.pathOf(key)) must be \(Found.rangeText(range)), found \(value)")
        return nil
    }
}
