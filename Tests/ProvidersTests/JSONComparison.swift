import NIOCore
import WireFormats

/// Compares JSON values as values, but schemas and tool inputs with the order of their members, which matters there.
enum JSONComparison {
    private static let ordered: Set<String> = ["input_schema", "schema", "parameters", "input"]

    /// Where the two first differ; nil if they do not.
    static func difference(
        _ actual: JSONValue,
        _ expected: JSONValue,
        at path: String = "$",
        isOrdered: Bool = false
    ) -> String? {
        switch (actual, expected) {
        case (.object(let a), .object(let b)):
            let keys = (a.members.map(\.key), b.members.map(\.key))
            if isOrdered ? keys.0 != keys.1 : Set(keys.0) != Set(keys.1) {
                return "\(path): members \(keys.0), expected \(keys.1)"
            }
            for member in b.members {
                guard let value = a[member.key] else { return "\(path).\(member.key) is missing" }
                let difference = self.difference(
                    value,
                    member.value,
                    at: "\(path).\(member.key)",
                    isOrdered: isOrdered || self.ordered.contains(member.key)
                )
                if let difference { return difference }
            }
            return nil
        case (.array(let a), .array(let b)):
            guard a.count == b.count else {
                return "\(path): \(a.count) elements, expected \(b.count): \(self.text(actual))"
            }
            for (index, pair) in zip(a, b).enumerated() {
                if let difference = self.difference(pair.0, pair.1, at: "\(path)[\(index)]", isOrdered: isOrdered) {
                    return difference
                }
            }
            return nil
        default:
            return actual == expected ? nil : "\(path): \(self.text(actual)), expected \(self.text(expected))"
        }
    }

    /// The events of a stream as values; an end mark is a string.
    static func events(_ stream: ByteBuffer) throws -> [JSONValue] {
        var parser = SSEParser()
        parser.append(stream)
        var events: [ServerSentEvent] = []
        while let event = try parser.next() { events.append(event) }
        if let event = parser.finish() { events.append(event) }
        return try events.compactMap { event in
            guard let data = event.data else { return nil }
            return event.isDone ? "[DONE]" : try JSONValue(parsing: data)
        }
    }

    static func text(_ value: JSONValue) -> String { String(buffer: value.serialized) }
}
