/// Makes up a value that a simple JSON schema accepts, always the same one.
///
/// Strings are "text" (a property called `city` is "Paris"), integers 1, numbers 1.5, booleans true, arrays hold one
/// item, enums give their first value. References to `$defs` are followed; of alternatives the first is taken.
struct SchemaSample {
    private let root: JSONValue
    private static let maximumDepth = 16

    init(root: JSONValue) {
        self.root = root
    }

    func value(for schema: JSONValue) -> JSONValue {
        self.value(for: schema, property: "", depth: 0)
    }

    private func value(for schema: JSONValue, property: String, depth: Int) -> JSONValue {
        guard depth < Self.maximumDepth else { return .null }
        if let constant = schema["const"] { return constant }
        if let first = schema["enum"]?.items?.first { return first }
        if let reference = schema["$ref"]?.text {
            return self.resolve(reference).map { self.value(for: $0, property: property, depth: depth + 1) } ?? .null
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[keyword]?.items?.first {
                return self.value(for: first, property: property, depth: depth + 1)
            }
        }
        switch Self.type(of: schema) {
        case "string": return property == "city" ? "Paris" : "text"
        case "integer": return 1
        case "number": return 1.5
        case "boolean": return true
        case "null": return .null
        case "array":
            return .array([self.value(for: schema["items"] ?? ["type": "string"], property: "", depth: depth + 1)])
        default: return self.object(for: schema, depth: depth)
        }
    }

    private func object(for schema: JSONValue, depth: Int) -> JSONValue {
        let properties = schema["properties"]?.members ?? []
        return .object(
            properties.map { member in
                let value = self.value(for: member.value, property: member.key, depth: depth + 1)
                return JSONValue.Member(key: member.key, value: value)
            }
        )
    }

    /// The first type named that is not null.
    private static func type(of schema: JSONValue) -> String? {
        guard let alternatives = schema["type"]?.items else { return schema["type"]?.text }
        let names = alternatives.compactMap(\.text)
        return names.first { $0 != "null" } ?? names.first
    }

    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        return reference.split(separator: "/").dropFirst().reduce(self.root) { $0?[String($1)] }
    }
}
