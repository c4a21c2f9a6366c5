import Domain
import WireFormats

/// Fields as JSON Schema (the dialect of OpenAPI 3.1) has them.
enum FieldSchema {
    /// An object of these fields and no others.
    static func object(_ fields: [FieldDescription]) -> JSONValue {
        var properties = JSONObject()
        // What Martlet does not support is refused; the document leaves it out.
        for field in fields where field.support != .unsupported { properties[field.name] = self.property(field) }
        let required = fields.filter(\.isRequired).map(\.name)
        var schema = JSONObject([("type", "object"), ("properties", .object(properties))])
        if !required.isEmpty { schema.append("required", .texts(required)) }
        schema.append("additionalProperties", false)
        return .object(schema)
    }

    private static func property(_ field: FieldDescription) -> JSONValue {
        var schema = self.schema(field.type)
        if field.isNullable { schema = self.nullable(schema) }
        schema["description"] = .text(field.summary)
        return .object(schema)
    }

    private static func nullable(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if let type = schema["type"]?.string {
            schema["type"] = [.text(type), "null"]
            if let names = schema["enum"]?.array { schema["enum"] = .array(names + [.null]) }
        } else if let choices = schema["anyOf"]?.array {
            schema["anyOf"] = .array(choices + [["type": "null"]])
        }
        return schema
    }

    static func schema(_ type: FieldType) -> JSONObject {
        switch type {
        case .text: self.plain("string")
        case .choice(let names): JSONObject([("type", "string"), ("enum", .texts(names))])
        case .flag: self.plain("boolean")
        case .count: JSONObject([("type", "integer"), ("minimum", 0)])
        case .money: JSONObject([("type", "number"), ("minimum", 0)])
        case .period: JSONObject([("type", "string"), ("examples", ["30s", "15m", "12h", "30d", "2w", "1mo"])])
        case .time: JSONObject([("type", "string"), ("format", "date-time")])
        case .date: JSONObject([("type", "string"), ("format", "date")])
        case .texts: self.list(self.plain("string"))
        case .textMap: self.map(self.plain("string"))
        case .flagMap: self.map(self.plain("boolean"))
        case .countMap: self.map(self.schema(.count))
        case .object: self.plain("object")
        case .list(let element): self.list(self.schema(element))
        case .map(let element): self.map(self.schema(element))
        case .record(let fields): self.object(fields).object ?? self.plain("object")
        case .either(let first, let second):
            JSONObject([("anyOf", [.object(self.schema(first)), .object(self.schema(second))])])
        case .anything: JSONObject()
        }
    }

    private static func plain(_ type: String) -> JSONObject { JSONObject([("type", .text(type))]) }

    private static func list(_ element: JSONObject) -> JSONObject {
        JSONObject([("type", "array"), ("items", .object(element))])
    }

    private static func map(_ element: JSONObject) -> JSONObject {
        JSONObject([("type", "object"), ("additionalProperties", .object(element))])
    }
}
