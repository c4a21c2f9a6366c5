internal import Domain

/// Which model groups a key, user, team or organization may use: one `models` list, made ready to be asked.
///
/// Entries are names, patterns (`openai/*`), access groups, or LiteLLM's special names (litellm.md, section 5.3).
package struct ModelRule: Sendable {
    private enum Kind {
        case everything
        case nothing
        case listed
    }

    private let kind: Kind
    private let names: [String]
    private let patterns: [WildcardPattern]

    /// - Parameter models: the list as it was written; an empty one allows everything.
    package init(_ models: [String]) {
        let special: Set<String> = ["all-proxy-models", "*", "all-team-models"]
        if models.isEmpty || models.contains(where: special.contains) {
            self.kind = .everything
            self.names = []
            self.patterns = []
            return
        }
        let listed = models.filter { $0 != "no-default-models" }
        self.kind = listed.isEmpty ? .nothing : .listed
        self.names = listed.filter { !$0.contains("*") }
        self.patterns = listed.filter { $0.contains("*") }.map { WildcardPattern($0) }
    }

    package var allowsEverything: Bool { if case .everything = self.kind { true } else { false } }

    /// Whether a call for `model`, which group `group` serves, is allowed; `accessGroups` are those of the group.
    package func allows(_ model: String, group: String, accessGroups: [String]) -> Bool {
        switch self.kind {
        case .everything: return true
        case .nothing: return false
        case .listed: break
        }
        for name in self.names where name == model || name == group || accessGroups.contains(name) { return true }
        for pattern in self.patterns where pattern.matches(model) || pattern.matches(group) { return true }
        return false
    }
}
