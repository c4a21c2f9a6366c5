internal import CYaml

/// One step of a YAML document as libyaml reports it.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var position: SourcePosition
}

/// Reads a YAML text event by event.
///
/// This talks to libyaml (the C target inside the Yams package) because `Yams.compose` cannot do what a configuration
/// needs: it throws at the first duplicate key and forgets where the others are, hashes keys that are aliases
/// (exponential work for a crafted file), and has no limit on expanded aliases.
final class YAMLEventSource {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let file: String

    init(text: String, file: String) {
        self.file = file
        self.parser = .allocate(capacity: 1)
        self.parser.initialize(to: yaml_parser_t())
        self.bytes = .allocate(capacity: text.utf8.count)
        _ = self.bytes.initialize(from: text.utf8)
        // The only failure is being out of memory; the parser then reports it at the first event.
        _ = yaml_parser_initialize(self.parser)
        yaml_parser_set_encoding(self.parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(self.parser, self.bytes.baseAddress, self.bytes.count)
    }

    deinit {
        yaml_parser_delete(self.parser)
        self.parser.deallocate()
        self.bytes.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: when the text is not YAML. Nothing may be asked for after that.
    func next() throws(YAMLFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(self.parser, &event) == 1 else { throw self.failure() }
        defer { yaml_event_delete(&event) }
        let mark = event.start_mark
        let position = SourcePosition(file: self.file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        return self.translate(event, at: position)
    }

    private func translate(_ event: yaml_event_t, at position: SourcePosition) -> YAMLEvent {
        func made(_ kind: YAMLEvent.Kind, anchor: String? = nil, tag: String? = nil) -> YAMLEvent {
            YAMLEvent(kind: kind, anchor: anchor, tag: tag, position: position)
        }
        switch event.type {
        case YAML_STREAM_START_EVENT: return made(.streamStart)
        case YAML_DOCUMENT_START_EVENT: return made(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return made(.documentEnd)
        case YAML_ALIAS_EVENT: return made(.alias(text(event.data.alias.anchor) ?? ""))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let tag = text(scalar.tag)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && (tag == nil || tag == "!!")
            return made(.scalar(value, isPlain: isPlain), anchor: text(scalar.anchor), tag: tag)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return made(.sequenceStart, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return made(.mappingStart, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_SEQUENCE_END_EVENT: return made(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: return made(.mappingEnd)
        default: return made(.streamEnd)
        }
    }

    /// libyaml's own words, with the place of the trouble.
    private func failure() -> YAMLFailure {
        let parser = self.parser.pointee
        let problem = parser.problem.map { String(cString: $0) } ?? "the text can't be read"
        var mark = parser.problem_mark
        // A reader error has no mark of its own, only that of the last token.
        if parser.error == YAML_READER_ERROR { mark = parser.mark }
        var message = "not valid YAML: \(problem)"
        if let context = parser.context.map({ String(cString: $0) }) {
            message += " (\(context), from line \(parser.context_mark.line + 1))"
        }
        let position = SourcePosition(file: self.file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        return YAMLFailure(position: position, message: message)
    }
}

/// A C string of libyaml's as text, nil for no string.
private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
}
