internal import Domain

extension LoggingSink {
    /// Reads an entry of the chapter's `logging`.
    init?(reading reader: inout MappingReader) {
        reader.require("type")
        guard let type = reader.string("type") else { return nil }
        self.init(type: type, events: .all)
        if !SinkNames.all.contains(type) { reader.refuse("type", type, allowed: SinkNames.all) }
        for member in reader.members where member.key != "type" && !member.key.hasPrefix("x-") {
            if case .scalar = member.value.content {
                guard let value = reader.secret(member.key) else { continue }
                self.options.append(NamedSecret(name: member.key, value: value))
            } else if let value = reader.value(member.key) {
                self.options.append(NamedSecret(name: member.key, value: Secret(value.json)))
            }
        }
    }
}

extension MappingReader {
    /// The callbacks of `litellm_settings`.
    mutating func callbacks() -> [LoggingSink] {
        self.callbacks("callbacks", .all) + self.callbacks("success_callback", .successes)
            + self.callbacks("failure_callback", .failures)
    }

    private mutating func callbacks(_ key: String, _ events: LoggingSink.Events) -> [LoggingSink] {
        (self.strings(key) ?? []).compactMap { name in
            if SinkNames.all.contains(name) { return LoggingSink(type: name, events: events) }
            if name.contains(".") {
                let message = "callback '\(self.shown(name, of: key))' is Python code, which Martlet does not run"
                self.warning(key, message, suggestion: "send records to a service instead, with 'generic_api'")
            } else {
                self.refuse(key, name, allowed: SinkNames.all)
            }
            return nil
        }
    }
}
