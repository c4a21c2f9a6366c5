internal import Domain

/// Checks that names of model groups refer to one.
///
/// Without a `model_list` the groups are not known while reading, and nothing is checked.
struct ReferenceCheck {
    private let configuration: Configuration
    private let reader: MappingReader
    /// Taken from the entries as written too, so that an error in one does not bring errors elsewhere with it.
    private let groups: Set<String>
    private let patterns: [WildcardName]
    private let aliases: Set<String>

    init(configuration: Configuration, reader: MappingReader) {
        self.configuration = configuration
        self.reader = reader
        let names = configuration.modelGroups + Self.writtenNames(reader)
        self.groups = Set(names)
        self.patterns = names.filter { $0.contains("*") }.map(WildcardName.init)
        let aliases = configuration.router.groupAliases.map(\.alias)
        self.aliases = Set(aliases + configuration.library.modelAliases.map(\.alias))
    }

    func run() {
        guard self.configuration.declaresModels else { return }
        self.checkAliases()
        let fallbacks = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"]
        for section in ["router_settings", "litellm_settings"] {
            guard let members = self.members(of: self.member(section)?.value) else { continue }
            for member in members where fallbacks.contains(member.key) {
                for item in self.items(of: member.value) { self.checkFallbacks(item, "\(section).\(member.key)") }
            }
            for member in members where member.key == "default_fallbacks" {
                self.checkNames(member.value, "\(section).default_fallbacks")
            }
        }
        if let mapping = self.member("fallback_mapping")?.value { self.checkFallbacks(mapping, "fallback_mapping") }
    }

    private func checkAliases() {
        let section = self.members(of: self.member("router_settings")?.value)
        guard let aliases = section?.first(where: { $0.key == "model_group_alias" })?.value else { return }
        let aliasPath = "router_settings.model_group_alias"
        for member in self.members(of: aliases) ?? [] {
            let path = ConfigurationPath.joined(aliasPath, member.key)
            if let long = self.members(of: member.value) {
                guard let model = long.first(where: { $0.key == "model" }) else { continue }
                self.checkNames(model.value, path, orAlias: false)
            } else {
                self.checkNames(member.value, path, orAlias: false)
            }
        }
    }

    /// A mapping of groups to the groups that stand in for them.
    private func checkFallbacks(_ node: YAMLNode, _ path: String) {
        for member in self.members(of: node) ?? [] {
            if member.key != "*" { self.check(member.key, at: member.keyPosition, path) }
            self.checkNames(member.value, ConfigurationPath.joined(path, member.key))
        }
    }

    /// One name, or a list of them.
    private func checkNames(_ node: YAMLNode, _ path: String, orAlias: Bool = true) {
        for item in self.items(of: node) {
            guard case .scalar(let text, _) = item.content, !item.isNull, !text.hasPrefix(EnvironmentReference.prefix)
            else { continue }
            self.check(text, at: item.position, path, orAlias: orAlias)
        }
    }

    private func check(_ name: String, at position: SourcePosition, _ path: String, orAlias: Bool = true) {
        if self.groups.contains(name) || self.patterns.contains(where: { $0.matches(name) }) { return }
        if orAlias, self.aliases.contains(name) { return }
        let suggestion = Advice.didYouMean(name, among: self.configuration.modelGroups, orKnown: "there are:")
        let message = "\(path) refers to '\(Found.shortened(name))', which is no model_name"
        self.reader.context.log.error(at: position, path: path, message, suggestion: suggestion)
    }

    private static func writtenNames(_ reader: MappingReader) -> [String] {
        guard case .sequence(let entries)? = reader.members.first(where: { $0.key == "model_list" })?.value.content
        else { return [] }
        return entries.compactMap { entry in
            guard case .mapping(let members) = entry.content,
                case .scalar(let name, _)? = members.first(where: { $0.key == "model_name" })?.value.content
            else { return nil }
            return name
        }
    }

    private func member(_ key: String) -> YAMLMember? {
        self.reader.members.first { $0.key == key }
    }

    private func members(of node: YAMLNode?) -> [YAMLMember]? {
        guard case .mapping(let members)? = node?.content else { return nil }
        return members
    }

    private func items(of node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items) = node.content { return items }
        return [node]
    }
}

/// A model name in which each `*` stands for any text.
struct WildcardName {
    private let parts: [Substring]

    init(_ pattern: String) {
        self.parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    }

    func matches(_ name: String) -> Bool {
        guard let first = self.parts.first, let last = self.parts.last, self.parts.count > 1 else { return false }
        guard name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)
        for part in self.parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
