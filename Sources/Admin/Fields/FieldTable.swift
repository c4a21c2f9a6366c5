import Domain
import WireFormats

/// The fields a request may have, each once: what reads it, explains it and describes it.
struct FieldTable<Target: Sendable>: Sendable {
    let fields: [Field<Target>]
    private let positions: [String: Int]

    init(_ fields: [Field<Target>]) {
        self.fields = fields
        self.positions = Dictionary(
            fields.enumerated().map { ($0.element.description.name, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    var descriptions: [FieldDescription] { self.fields.map(\.description) }

    /// Applies what `body` says to `target`.
    ///
    /// - Throws: `badRequest` that tells all that is wrong at once; `param` is the first field at fault.
    func read(_ body: JSONObject, into target: inout Target) throws(GatewayError) {
        var problems = FieldProblems(kind: "field")
        for member in body.members {
            guard let index = self.positions[member.key] else {
                problems.addUnknown(member.key, among: self.fields.map(\.description))
                continue
            }
            let field = self.fields[index]
            guard field.description.isNullable || !member.value.isNull else {
                problems.add(member.key, "must not be null")
                continue
            }
            do {
                try field.set(&target, member.value)
            } catch {
                problems.add(member.key, error.text)
            }
        }
        for field in self.fields where field.description.isRequired && body[field.description.name] == nil {
            problems.add(field.description.name, "is required")
        }
        try problems.check()
    }
}

/// What is wrong with a request, gathered so that its sender need not come back once for each mistake.
struct FieldProblems: Sendable {
    /// `field` or `query parameter`.
    let kind: String
    private(set) var texts: [String] = []
    private(set) var firstName: String?

    init(kind: String) {
        self.kind = kind
    }

    mutating func add(_ name: String, _ text: String) {
        self.firstName = self.firstName ?? name
        self.texts.append("'\(FieldValue.shown(name))': \(text)")
    }

    mutating func addUnknown(_ name: String, among fields: [FieldDescription]) {
        let names = fields.filter { $0.support == .supported }.map(\.name)
        let near = NearNames.nearest(to: name, in: names).map { "'\($0)'" }
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        self.add(name, "unknown \(self.kind)\(hint)")
    }

    /// - Throws: `badRequest` when there is a problem.
    func check() throws(GatewayError) {
        guard let firstName else { return }
        let shown = self.texts.prefix(20).joined(separator: "; ")
        let rest = self.texts.count > 20 ? "; and \(self.texts.count - 20) more" : ""
        let head = self.texts.count > 1 ? "\(self.texts.count) problems: " : ""
        throw GatewayError(.badRequest, head + shown + rest, param: firstName)
    }
}
