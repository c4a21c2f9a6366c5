/// One field of a request, as people and the OpenAPI document see it.
struct FieldDescription: Sendable, Equatable {
    enum Support: Sendable, Equatable {
        case supported
        /// LiteLLM knows the field and Martlet does not: accepted where it says nothing, otherwise refused by name.
        case unsupported
        /// LiteLLM takes the field and it makes no difference here.
        case ignored
    }

    var name: String
    var type: FieldType
    var summary: String
    var isRequired = false
    /// Whether an explicit null is understood: it takes away what was set.
    var isNullable = true
    var support = Support.supported

    init(_ name: String, _ type: FieldType, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}
