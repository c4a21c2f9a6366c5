internal import Domain

extension MappingReader {
    /// A reader for a nested mapping.
    mutating func mapping(_ key: String) -> MappingReader? {
        guard let node = self.member(key)?.value else { return nil }
        return MappingReader(node, path: self.pathOf(key), context: self.context)
    }

    /// The items of a list with their paths.
    mutating func items(_ key: String) -> [(node: YAMLNode, path: String)]? {
        guard let node = self.member(key)?.value, !node.isNull else { return nil }
        guard case .sequence(let nodes) = node.content else {
            self.error(key, "expected a list at \(self.pathOf(key)), found \(Found.text(node))")
            return nil
        }
        return nodes.enumerated().map { ($0.element, "\(self.pathOf(key))[\($0.offset)]") }
    }

    /// A list of mappings, each read by `read`.
    mutating func entries<Entry>(_ key: String, _ read: (inout MappingReader) -> Entry?) -> [Entry]? {
        guard let items = self.items(key) else { return nil }
        var entries: [Entry] = []
        for item in items {
            if item.node.isNull {
                let message = "expected a mapping at \(item.path), found nothing"
                self.context.log.error(at: item.node.position, path: item.path, message)
            }
            guard var reader = MappingReader(item.node, path: item.path, context: self.context) else { continue }
            if let entry = read(&reader) { entries.append(entry) }
        }
        return entries
    }

    /// A list of texts.
    mutating func strings(_ key: String) -> [String]? {
        self.items(key)?.compactMap { item in
            ScalarReader(context: self.context, path: item.path, expected: "text").readText(item.node)
        }
    }

    /// All members of this mapping as name and list of texts.
    mutating func allStringLists() -> [(name: String, position: SourcePosition, values: [String])] {
        self.members.map { member in
            if case .scalar = member.value.content {
                return (member.key, member.keyPosition, self.string(member.key).map { [$0] } ?? [])
            }
            return (member.key, member.keyPosition, self.strings(member.key) ?? [])
        }
    }

    /// A mapping of names to texts, in order.
    mutating func pairs(_ key: String) -> [(name: String, value: String)]? {
        guard var nested = self.mapping(key) else { return nil }
        return nested.members.compactMap { member in nested.string(member.key).map { (member.key, $0) } }
    }

    /// A mapping of names to texts that may be secret, in order.
    mutating func secretPairs(_ key: String) -> [NamedSecret]? {
        guard var nested = self.mapping(key) else { return nil }
        return nested.members.compactMap { member in
            nested.secret(member.key).map { NamedSecret(name: member.key, value: $0) }
        }
    }

    /// A value of any shape.
    mutating func value(_ key: String) -> ConfigValue? {
        guard let node = self.member(key)?.value else { return nil }
        return ConfigValue(node, path: self.pathOf(key), context: self.context)
    }

    /// Reports the keys that nothing asked for, and those that have no effect yet.
    func finish(_ section: SectionKeys) {
        for member in self.members where !member.key.hasPrefix("x-") {
            let isAsked = self.wasAsked(member.key)
            if member.value.isNull, isAsked || section.knows(member.key) { continue }
            if section.isLater(member.key) {
                self.warning(member.key, "'\(self.pathOf(member.key))' is accepted, not in force yet")
            } else if isAsked {
                continue
            } else if section.isUnused(member.key) {
                self.warning(member.key, "LiteLLM knows '\(self.pathOf(member.key))'; Martlet does not use it")
            } else {
                self.reportUnknown(member, section)
            }
        }
    }

    private func reportUnknown(_ member: YAMLMember, _ section: SectionKeys) {
        let place = self.path.isEmpty ? "at the top level" : "in \(self.path)"
        let name = Found.shortened(member.key)
        var suggestion: String?
        if !self.context.log.isFull {
            suggestion = Advice.didYouMean(member.key, among: section.candidates, orKnown: "known keys:")
            if let home = SectionKeys.home(of: member.key, besides: section) { suggestion = "it belongs in \(home)" }
        }
        let message = "unknown key '\(name)' \(place)"
        let path = self.pathOf(member.key)
        self.context.log.error(at: member.keyPosition, path: path, message, suggestion: suggestion)
    }
}

/// Words of advice after a problem.
enum Advice {
    /// `did you mean 'x'?` when something is near; else the whole list after `orKnown`, if it is short.
    static func didYouMean(_ name: String, among names: [String], orKnown: String) -> String? {
        if let near = NearNames.nearest(to: name, in: names, limit: 1).first { return "did you mean '\(near)'?" }
        return (1...12).contains(names.count) ? "\(orKnown) \(names.joined(separator: ", "))" : nil
    }
}
