/// The keys of one kind of mapping: in force, accepted but without effect yet, and known to LiteLLM only.
///
/// A name that ends in `*` stands for every key with that beginning. What is in force is decided by the readers (they
/// ask for it); the list here serves advice, and a test holds the two together.
package struct SectionKeys: Sendable {
    /// As in a message: `litellm_settings`, or `model_list[].litellm_params`.
    package let name: String
    package let inForce: [String]
    package let later: [String]
    package let unused: [String]
    private let exactLater: Set<String>
    private let exactUnused: Set<String>

    /// Lists are given as text, one name after the other: large array literals are slow to compile.
    init(_ name: String, inForce: String = "", later: String = "", unused: String = "") {
        self.name = name
        self.inForce = Self.words(inForce)
        self.later = Self.words(later)
        self.unused = Self.words(unused)
        self.exactLater = Set(self.later)
        self.exactUnused = Set(self.unused)
    }

    func isLater(_ key: String) -> Bool {
        self.exactLater.contains(key) || Self.matches(key, self.later)
    }

    func isUnused(_ key: String) -> Bool {
        self.exactUnused.contains(key) || Self.matches(key, self.unused)
    }

    func knows(_ key: String) -> Bool {
        self.inForce.contains(key) || self.isLater(key) || self.isUnused(key)
    }

    /// Names to compare a misspelt key with: those that do something first.
    var candidates: [String] {
        (self.inForce + self.later + self.unused).filter { !$0.hasSuffix("*") }
    }

    /// The section that `key` would be right in, nil when there is none.
    static func home(of key: String, besides section: SectionKeys) -> String? {
        self.homes.first { $0.name != section.name && $0.inForce.contains(key) }.map { "'\($0.name)'" }
    }

    private static let homes: [SectionKeys] = [
        .general, .library, .router, .deployment, .modelEntry, .top, .server, .modelInfo,
    ]

    private static func matches(_ key: String, _ patterns: [String]) -> Bool {
        patterns.contains { $0.hasSuffix("*") && key.hasPrefix($0.dropLast()) }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }
}
