/// Reads a document and the ones it includes into one tree.
///
/// An included file adds to the file that names it: lists are appended, mappings merged; where both give a value, the
/// including file's stands, with a warning.
struct DocumentLoading {
    private static let fileLimit = 100

    private let context: ReadingContext
    /// The files being read, outermost first: one of them coming up again is a cycle.
    private var open: [String] = []
    private var finished: Set<String> = []

    init(context: ReadingContext) {
        self.context = context
    }

    /// The tree of a text; nil after a problem that leaves none.
    ///
    /// A text without a document is an empty mapping.
    mutating func root(of text: String, file: String) -> YAMLNode? {
        let log = self.context.log
        // libyaml takes a byte order mark for a character of the first key.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        log.register(file: file, text: text)
        guard text.utf8.count <= ConfigurationFile.sizeLimit else {
            log.error(at: .whole(file), path: "", "the file is larger than \(ConfigurationFile.sizeLimit >> 20) MB")
            return nil
        }
        let empty = YAMLNode(content: .mapping([]), position: SourcePosition(file: file, line: 1, column: 1))
        var root: YAMLNode
        do throws(YAMLFailure) {
            var composer = YAMLComposer(text: text, file: file, log: log)
            root = try composer.compose() ?? empty
        } catch {
            log.error(at: error.position, path: "", error.message)
            return nil
        }
        if root.isNull { root = empty }
        return self.including(root, file: file)
    }

    private mutating func including(_ root: YAMLNode, file: String) -> YAMLNode? {
        guard case .mapping = root.content else {
            let message = "a configuration is a mapping of sections, found \(Found.text(root))"
            self.context.log.error(at: root.position, path: "", message)
            return nil
        }
        let identity = ConfigurationFile.identity(file)
        self.open.append(identity)
        var result = root
        if var reader = MappingReader(root, path: "", context: self.context) {
            for item in reader.items("include") ?? [] {
                guard let included = self.included(item.node, path: item.path, from: file) else { continue }
                result = result.including(included, path: "", log: self.context.log)
            }
        }
        self.open.removeLast()
        self.finished.insert(identity)
        return result
    }

    private mutating func included(_ node: YAMLNode, path: String, from file: String) -> YAMLNode? {
        let log = self.context.log
        let reader = ScalarReader(context: self.context, path: path, expected: "the name of a file")
        guard let name = reader.readText(node) else { return nil }
        let shown = EnvironmentReference.isUsed(in: node) ? "os.environ/..." : Found.shortened(name)
        let target = ConfigurationFile.resolve(name, relativeTo: file)
        let identity = ConfigurationFile.identity(target)
        if self.open.contains(identity) {
            log.error(at: node.position, path: path, "'\(shown)' includes itself, here or further down")
            return nil
        }
        if self.finished.contains(identity) {
            log.warning(at: node.position, path: path, "'\(shown)' is included already; once is enough")
            return nil
        }
        guard self.finished.count + self.open.count < Self.fileLimit else {
            log.error(at: node.position, path: path, "more than \(Self.fileLimit) files are included")
            return nil
        }
        switch ConfigurationFile.read(target) {
        case .success(let text):
            return self.root(of: text, file: target)
        case .failure(let reason):
            log.error(at: node.position, path: path, "can't include '\(shown)': \(reason.message)")
            return nil
        }
    }
}

extension YAMLNode {
    /// This node with an included file's added to it.
    fileprivate func including(_ other: YAMLNode, path: String, log: ProblemLog) -> YAMLNode {
        guard case .mapping(let mine) = self.content, case .mapping(let theirs) = other.content else { return self }
        var list = MemberList(mine)
        for member in theirs where !(path.isEmpty && member.key == "include") {
            guard let own = list[member.key] else {
                list.put(member)
                continue
            }
            let path = ConfigurationPath.joined(path, member.key)
            list.put(own.including(member, path: path, log: log))
        }
        return YAMLNode(content: .mapping(list.members), position: self.position)
    }
}

extension YAMLMember {
    fileprivate func including(_ other: YAMLMember, path: String, log: ProblemLog) -> YAMLMember {
        var result = self
        switch (self.value.content, other.value.content) {
        case (.mapping, .mapping):
            result.value = self.value.including(other.value, path: path, log: log)
        case (.sequence(let mine), .sequence(let theirs)):
            result.value.content = .sequence(mine + theirs)
        default:
            if self.value.isNull { return other }
            guard !other.value.isNull else { return self }
            let place = "\(self.keyPosition.file):\(self.keyPosition.line)"
            let message = "'\(path)' is given in \(place) as well; that value stands, this one is not used"
            log.warning(at: other.keyPosition, path: path, message)
        }
        return result
    }
}
