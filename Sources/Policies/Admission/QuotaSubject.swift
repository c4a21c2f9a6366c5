package import Domain

/// Whose usage is counted: somebody, or somebody's use of one model group.
package struct QuotaSubject: Sendable, Hashable {
    package var kind: SubjectKind
    package var id: String
    /// The model group, for limits on a model within `kind`.
    package var model: String?

    package init(_ kind: SubjectKind, _ id: String, model: String? = nil) {
        self.kind = kind
        self.id = id
        self.model = model
    }

    package static let global = QuotaSubject(.global, "")

    /// LiteLLM's word for it in messages and header names: `api_key`, `model_per_key`.
    package var scope: String {
        let name =
            switch self.kind {
            case .key: "api_key"
            default: self.kind.rawValue
            }
        guard self.model != nil else { return name }
        return self.kind == .key ? "model_per_key" : "model_per_\(name)"
    }
}
