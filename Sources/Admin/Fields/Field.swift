import Domain
import WireFormats

/// One field of a request: its description, and what its value does to what is being made or changed.
///
/// A field that is absent is not asked; an explicit null is handed on as `.null`.
struct Field<Target: Sendable>: Sendable {
    typealias Setter = @Sendable (inout Target, JSONValue) throws(FieldProblem) -> Void

    var description: FieldDescription
    let set: Setter

    init(_ name: String, _ type: FieldType, _ summary: String, set: @escaping Setter) {
        self.description = FieldDescription(name, type, summary)
        self.set = set
    }

    /// The same field, without which a request says nothing.
    var required: Field {
        var field = self
        field.description.isRequired = true
        field.description.isNullable = false
        return field
    }

    /// The same field, of another target that holds this one's.
    func within<Outer: Sendable>(_ path: any WritableKeyPath<Outer, Target> & Sendable) -> Field<Outer> {
        let set = self.set
        var field = Field<Outer>(self.description.name, self.description.type, self.description.summary) {
            (target, value) throws(FieldProblem) in try set(&target[keyPath: path], value)
        }
        field.description = self.description
        return field
    }
}

extension Field {
    typealias Path<Value> = any WritableKeyPath<Target, Value> & Sendable

    /// A field whose null is nil.
    private static func optional<Value>(
        _ name: String,
        _ type: FieldType,
        _ path: Path<Value?>,
        _ summary: String,
        _ read: @escaping @Sendable (JSONValue) throws(FieldProblem) -> Value
    ) -> Field {
        Field(name, type, summary) { (target, value) throws(FieldProblem) in
            target[keyPath: path] = value.isNull ? nil : try read(value)
        }
    }

    static func text(_ name: String, _ path: Path<String?>, _ summary: String) -> Field {
        self.optional(name, .text, path, summary) { (value) throws(FieldProblem) in try FieldValue.text(value) }
    }

    /// An id or a name: some text that is not empty.
    static func name(_ name: String, _ path: Path<String?>, _ summary: String) -> Field {
        self.optional(name, .text, path, summary) { (value) throws(FieldProblem) in
            let text = try FieldValue.text(value)
            guard !text.isEmpty else { throw FieldProblem("must not be empty") }
            guard text.utf8.count <= 512 else { throw FieldProblem("longer than 512 bytes") }
            return text
        }
    }

    static func flag(_ name: String, _ path: Path<Bool?>, _ summary: String) -> Field {
        self.optional(name, .flag, path, summary) { (value) throws(FieldProblem) in try FieldValue.flag(value) }
    }

    static func count(_ name: String, _ path: Path<Int?>, _ summary: String) -> Field {
        self.optional(name, .count, path, summary) { (value) throws(FieldProblem) in try FieldValue.count(value) }
    }

    static func money(_ name: String, _ path: Path<NanoDollars?>, _ summary: String) -> Field {
        self.optional(name, .money, path, summary) { (value) throws(FieldProblem) in try FieldValue.money(value) }
    }

    static func period(_ name: String, _ path: Path<BudgetPeriod?>, _ summary: String) -> Field {
        self.optional(name, .period, path, summary) { (value) throws(FieldProblem) in try FieldValue.period(value) }
    }

    static func time(_ name: String, _ path: Path<WallTime?>, _ summary: String) -> Field {
        self.optional(name, .time, path, summary) { (value) throws(FieldProblem) in try FieldValue.time(value) }
    }

    static func optionalTexts(_ name: String, _ path: Path<[String]?>, _ summary: String) -> Field {
        self.optional(name, .texts, path, summary) { (value) throws(FieldProblem) in try FieldValue.texts(value) }
    }

    /// A list whose null is empty.
    static func texts(_ name: String, _ path: Path<[String]>, _ summary: String) -> Field {
        Field(name, .texts, summary) { (target, value) throws(FieldProblem) in
            target[keyPath: path] = value.isNull ? [] : try FieldValue.texts(value)
        }
    }

    static func textMap(_ name: String, _ path: Path<[String: String]?>, _ summary: String) -> Field {
        self.optional(name, .textMap, path, summary) { (value) throws(FieldProblem) in
            try FieldValue.map(value, of: .text) { (element) throws(FieldProblem) in try FieldValue.text(element) }
        }
    }

    static func flagMap(_ name: String, _ path: Path<[String: Bool]?>, _ summary: String) -> Field {
        self.optional(name, .flagMap, path, summary) { (value) throws(FieldProblem) in
            try FieldValue.map(value, of: .flag) { (element) throws(FieldProblem) in try FieldValue.flag(element) }
        }
    }

    static func object(_ name: String, _ path: Path<String?>, _ summary: String) -> Field {
        self.optional(name, .object, path, summary) { (value) throws(FieldProblem) in try FieldValue.object(value) }
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String,
        _ path: Path<Choice?>,
        _ summary: String
    ) -> Field where Choice.RawValue == String, Choice: SendableMetatype {
        self.optional(name, .choice(Choice.allCases.map(\.rawValue)), path, summary) {
            (value) throws(FieldProblem) in try FieldValue.choice(value, Choice.self)
        }
    }

    /// A field that LiteLLM knows and Martlet does not.
    static func unsupported(_ name: String) -> Field {
        var field = Field(name, .anything, "Known to LiteLLM, not supported by Martlet.") {
            (_, value) throws(FieldProblem) in
            guard value.saysNothing else {
                throw FieldProblem("LiteLLM knows this field, Martlet does not support it")
            }
        }
        field.description.support = .unsupported
        return field
    }

    /// A field that clients of LiteLLM send and that changes nothing here.
    static func ignored(_ name: String, _ summary: String) -> Field {
        var field = Field(name, .anything, summary) { (_, _) throws(FieldProblem) in }
        field.description.support = .ignored
        return field
    }
}
