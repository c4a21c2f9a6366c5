/// What is wrong with a price that somebody gave.
package struct PriceProblem: Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        /// Left out: it is no number, or one too large.
        case notANumber
        /// Left out.
        case negative
        /// Taken, rounded half to even: it is finer than 1e-15 dollars.
        case rounded
        /// Left out: the field is not built as LiteLLM's are.
        case malformed
    }

    /// Nil where only one model is spoken of.
    package var model: String?
    package var field: String
    /// As it was given, cut where it is long.
    package var spelling: String
    package var reason: Reason

    init(model: String? = nil, field: String, spelling: String, reason: Reason) {
        self.model = model
        self.field = field
        self.spelling = String(spelling.prefix(80))
        self.reason = reason
    }

    /// For the log and for people.
    package var description: String {
        let subject = self.model.map { "\($0): \(self.field)" } ?? self.field
        return switch self.reason {
        case .notANumber: "\(subject) is no price: '\(self.spelling)'"
        case .negative: "\(subject) is negative: \(self.spelling)"
        case .rounded: "\(subject) is finer than 1e-15 and was rounded: \(self.spelling)"
        case .malformed: "\(subject) is not in a form that is understood: '\(self.spelling)'"
        }
    }
}
