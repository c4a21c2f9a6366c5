/// The members of a mapping while it is being read: in order, each key once.
struct MemberList {
    private(set) var members: [YAMLMember] = []
    private var index: [String: Int] = [:]

    init() {}

    init(_ members: [YAMLMember]) {
        self.members = members
        for (offset, member) in members.enumerated() { self.index[member.key] = offset }
    }

    subscript(key: String) -> YAMLMember? {
        self.index[key].map { self.members[$0] }
    }

    /// Adds a member; one with a key that is there already is merged into it, with a warning.
    mutating func add(_ member: YAMLMember, path: String, log: ProblemLog) {
        guard let offset = self.index[member.key] else {
            self.append(member)
            return
        }
        let earlier = self.members[offset]
        let lines = "lines \(earlier.keyPosition.line) and \(member.keyPosition.line)"
        if case .mapping = earlier.value.content, case .mapping = member.value.content {
            let message = "'\(path)' stands twice, at \(lines); the two are merged, the later value winning"
            log.warning(at: member.keyPosition, path: path, message)
            self.members[offset].value = earlier.value.merged(with: member.value, path: path, log: log)
        } else {
            log.warning(at: member.keyPosition, path: path, "'\(path)' stands twice, at \(lines); the later is used")
            // An empty section adds nothing and takes nothing away.
            if !member.value.isNull { self.members[offset] = member }
        }
    }

    /// Sets a member, in the place of the one with its key or else at the end.
    mutating func put(_ member: YAMLMember) {
        if let offset = self.index[member.key] {
            self.members[offset] = member
        } else {
            self.append(member)
        }
    }

    /// Takes over what a merge key (`<<`) refers to; keys written out win, then the earlier of several sources.
    mutating func inherit(from node: YAMLNode, log: ProblemLog) {
        switch node.content {
        case .mapping(let inherited):
            for member in inherited where self.index[member.key] == nil { self.append(member) }
        case .sequence(let nodes):
            for case let node in nodes {
                guard case .mapping = node.content else {
                    self.refuse(node, log)
                    continue
                }
                self.inherit(from: node, log: log)
            }
        case .scalar:
            self.refuse(node, log)
        }
    }

    private func refuse(_ node: YAMLNode, _ log: ProblemLog) {
        log.error(at: node.position, path: "<<", "'<<' takes a mapping, or a list of mappings")
    }

    private mutating func append(_ member: YAMLMember) {
        self.index[member.key] = self.members.count
        self.members.append(member)
    }
}

extension YAMLNode {
    /// This node with `later` merged in: mappings key by key, any other value replaced by the later one.
    ///
    /// A value that changes is told by a warning of its own.
    func merged(with later: YAMLNode, path: String, log: ProblemLog) -> YAMLNode {
        guard case .mapping(let mine) = self.content, case .mapping(let theirs) = later.content else { return later }
        var list = MemberList(mine)
        for member in theirs {
            if let earlier = list[member.key], earlier.value.says(theSameAs: member.value) { continue }
            list.add(member, path: ConfigurationPath.joined(path, member.key), log: log)
        }
        return YAMLNode(content: .mapping(list.members), position: self.position)
    }

    /// Whether both are scalars with the same text.
    private func says(theSameAs other: YAMLNode) -> Bool {
        guard case .scalar(let a, _) = self.content, case .scalar(let b, _) = other.content else { return false }
        return a == b
    }
}
