/// Builds the tree of one YAML document, within limits.
///
/// Duplicate keys are merged as they are met: mappings key by key, any other value by taking the later one; a
/// warning names both lines. Everything that would make the tree unbounded is refused: nesting deeper than 100 and
/// more than 200,000 values after aliases are expanded.
struct YAMLComposer {
    static let depthLimit = 100
    static let sizeLimit = 200_000

    private let source: YAMLEventSource
    private let log: ProblemLog
    private var anchors: [String: Composed] = [:]
    private var size = 0
    private var path: [ConfigurationPath.Step] = []

    /// A node with what it takes to know what an alias to it costs.
    private struct Composed {
        var node: YAMLNode
        var size: Int
        var height: Int
    }

    init(text: String, file: String, log: ProblemLog) {
        self.source = YAMLEventSource(text: text, file: file)
        self.log = log
    }

    /// The document's root, nil when the text has no document (it is empty, or only comments).
    mutating func compose() throws(YAMLFailure) -> YAMLNode? {
        _ = try self.source.next()
        guard case .documentStart = try self.source.next().kind else { return nil }
        let root = try self.value(from: try self.source.next())
        _ = try self.source.next()
        let rest = try self.source.next()
        if case .documentStart = rest.kind {
            let message = "a configuration is one YAML document; a second one starts here"
            throw YAMLFailure(position: rest.position, message: message)
        }
        return root.node
    }

    private mutating func value(from event: YAMLEvent) throws(YAMLFailure) -> Composed {
        guard self.path.count < Self.depthLimit else { throw self.tooDeep(event.position) }
        if let tag = event.tag, !tag.hasPrefix("tag:yaml.org,2002:"), tag != "!" {
            self.log.error(at: event.position, path: self.pathText, "the YAML tag '\(tag)' is not supported")
        }
        let sizeBefore = self.size
        try self.grow(by: 1, at: event.position)
        var composed: Composed
        switch event.kind {
        case .alias(let name):
            return try self.alias(name, at: event.position)
        case .scalar(let text, let isPlain):
            let node = YAMLNode(content: .scalar(text, isPlain: isPlain), position: event.position)
            composed = Composed(node: node, size: 1, height: 1)
        case .sequenceStart:
            composed = try self.sequence(at: event.position)
        case .mappingStart:
            composed = try self.mapping(at: event.position)
        default:
            throw YAMLFailure(position: event.position, message: "not valid YAML: a value is missing here")
        }
        composed.size = self.size - sizeBefore
        if let anchor = event.anchor { self.anchors[anchor] = composed }
        return composed
    }

    private mutating func alias(_ name: String, at position: SourcePosition) throws(YAMLFailure) -> Composed {
        guard let target = self.anchors[name] else {
            throw YAMLFailure(position: position, message: "'*\(name)' refers to no anchor above it")
        }
        try self.grow(by: target.size, at: position)
        guard self.path.count + target.height <= Self.depthLimit else { throw self.tooDeep(position) }
        return target
    }

    private mutating func sequence(at position: SourcePosition) throws(YAMLFailure) -> Composed {
        var items: [YAMLNode] = []
        var height = 0
        while true {
            let event = try self.source.next()
            if case .sequenceEnd = event.kind { break }
            self.path.append(.index(items.count))
            let item = try self.value(from: event)
            self.path.removeLast()
            items.append(item.node)
            height = max(height, item.height)
        }
        return Composed(node: YAMLNode(content: .sequence(items), position: position), size: 0, height: height + 1)
    }

    private mutating func mapping(at position: SourcePosition) throws(YAMLFailure) -> Composed {
        var members = MemberList()
        var merged: [YAMLNode] = []
        var height = 0
        while true {
            let event = try self.source.next()
            if case .mappingEnd = event.kind { break }
            let key = try self.key(from: event)
            self.path.append(.key(key.text))
            let value = try self.value(from: try self.source.next())
            height = max(height, value.height)
            if key.text == "<<", key.isPlain {
                merged.append(value.node)
            } else {
                let member = YAMLMember(key: key.text, keyPosition: event.position, value: value.node)
                members.add(member, path: self.pathText, log: self.log)
            }
            self.path.removeLast()
        }
        for node in merged { members.inherit(from: node, log: self.log) }
        let node = YAMLNode(content: .mapping(members.members), position: position)
        return Composed(node: node, size: 0, height: height + 1)
    }

    private mutating func key(from event: YAMLEvent) throws(YAMLFailure) -> (text: String, isPlain: Bool) {
        try self.grow(by: 1, at: event.position)
        switch event.kind {
        case .scalar(let text, let isPlain):
            if let anchor = event.anchor {
                let node = YAMLNode(content: .scalar(text, isPlain: isPlain), position: event.position)
                self.anchors[anchor] = Composed(node: node, size: 1, height: 1)
            }
            return (text, isPlain)
        case .alias(let name):
            guard let node = self.anchors[name]?.node, case .scalar(let text, let isPlain) = node.content else { break }
            return (text, isPlain)
        default:
            break
        }
        throw YAMLFailure(position: event.position, message: "a key must be a plain name, not a list or a mapping")
    }

    private mutating func grow(by count: Int, at position: SourcePosition) throws(YAMLFailure) {
        self.size += count
        guard self.size > Self.sizeLimit else { return }
        let message = "the file holds more than \(Self.sizeLimit) values once its aliases are expanded"
        throw YAMLFailure(position: position, message: message)
    }

    private func tooDeep(_ position: SourcePosition) -> YAMLFailure {
        YAMLFailure(position: position, message: "nested deeper than \(Self.depthLimit) levels")
    }

    private var pathText: String { ConfigurationPath.text(self.path) }
}
