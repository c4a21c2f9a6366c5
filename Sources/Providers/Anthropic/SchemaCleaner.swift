import NIOCore
import WireFormats

/// Brings a JSON schema into the subset that Anthropic's structured output takes.
///
/// Objects are closed, keywords it refuses become words in `description`, `oneOf` becomes `anyOf`, and references are
/// written out unless they are recursive. The order of members stays: the answer is generated in it.
///
/// Source: Anthropic API reference, "Structured outputs", JSON Schema limitations.
struct SchemaCleaner {
    private let definitions: JSONObject
    /// The references being written out, from the outermost on.
    private var open: [String] = []
    private var keepsDefinitions = false
    /// How many schemas may still be written: references within references grow without bound.
    private var budget = 5000
    /// How deep the schema being written lies: written-out references add to what the text's own depth bounds.
    private var depth = 0

    private static let maximumDepth = 128

    static func clean(_ schema: JSONValue) -> JSONValue {
        var cleaner = SchemaCleaner(schema)
        guard case .object(var top) = cleaner.cleaned(schema) else { return schema }
        for key in ["$defs", "definitions"] {
            guard let definitions = schema[key]?.object else { continue }
            top[key] = cleaner.keepsDefinitions ? .object(cleaner.cleanedEach(definitions)) : nil
        }
        return .object(top)
    }

    private init(_ schema: JSONValue) {
        self.definitions = schema["$defs"]?.object ?? schema["definitions"]?.object ?? JSONObject()
    }

    private static let limits = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "maxItems", "uniqueItems", "minProperties", "maxProperties",
    ]
    private static let unsupported = [
        "patternProperties", "if", "then", "else", "not", "dependentSchemas", "dependentRequired", "propertyNames",
        "contains", "unevaluatedProperties", "$schema", "$id",
    ]

    private mutating func cleaned(_ schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return schema }
        guard self.depth < Self.maximumDepth else {
            self.keepsDefinitions = true
            return schema
        }
        self.depth += 1
        defer { self.depth -= 1 }
        if let reference = object["$ref"]?.string { return self.resolved(reference, object) }
        self.budget -= 1
        var cleaned = JSONObject()
        var notes: [String] = []
        for member in object.members {
            let limit =
                Self.limits.contains(member.key) || (member.key == "minItems" && (member.value.integer ?? 0) > 1)
            if limit {
                notes.append("\(member.key): \(String(buffer: member.value.serialized))")
            } else if !Self.unsupported.contains(member.key), member.key != "$defs", member.key != "definitions" {
                self.append(member, to: &cleaned)
            }
        }
        if object["type"]?.string == "object" || object["properties"] != nil { cleaned["additionalProperties"] = false }
        if !notes.isEmpty {
            let text = [cleaned["description"]?.string, "(\(notes.joined(separator: ", ")))"].compactMap { $0 }
            cleaned["description"] = .text(text.joined(separator: " "))
        }
        return .object(cleaned)
    }

    private mutating func append(_ member: JSONObject.Member, to cleaned: inout JSONObject) {
        switch member.key {
        case "properties":
            cleaned.append("properties", member.value.object.map { .object(self.cleanedEach($0)) } ?? member.value)
        case "items", "additionalItems":
            cleaned.append(member.key, self.cleaned(member.value))
        case "anyOf", "allOf", "oneOf", "prefixItems":
            let list = (member.value.array ?? []).map { self.cleaned($0) }
            cleaned[member.key == "oneOf" ? "anyOf" : member.key] = .array(list)
        default: cleaned.append(member.key, member.value)
        }
    }

    private mutating func cleanedEach(_ schemas: JSONObject) -> JSONObject {
        var cleaned = JSONObject()
        for member in schemas.members { cleaned.append(member.key, self.cleaned(member.value)) }
        return cleaned
    }

    /// What a reference stands for, or the reference itself where it is recursive, unknown or too much.
    private mutating func resolved(_ reference: String, _ object: JSONObject) -> JSONValue {
        let name = reference.split(separator: "/").last.map(String.init) ?? ""
        guard reference.hasPrefix("#/$defs/") || reference.hasPrefix("#/definitions/"),
            let definition = self.definitions[name], !self.open.contains(name), self.budget > 0
        else {
            self.keepsDefinitions = true
            return .object(JSONObject([("$ref", .text(reference))]))
        }
        self.open.append(name)
        defer { self.open.removeLast() }
        return self.cleaned(definition)
    }
}
