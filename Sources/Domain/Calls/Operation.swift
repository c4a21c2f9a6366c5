/// What a client asks a model to do: one public route of the data plane.
package enum Operation: String, Sendable, Equatable, CaseIterable {
    case chatCompletions
    case completions
    case embeddings

    /// OpenAI's path below the base URL, with its slash.
    package var path: String {
        switch self {
        case .chatCompletions: "/chat/completions"
        case .completions: "/completions"
        case .embeddings: "/embeddings"
        }
    }

    /// The body's member that holds what the model is to work on, without which there is nothing to do.
    package var requiredMember: StaticString {
        switch self {
        case .chatCompletions: "messages"
        case .completions: "prompt"
        case .embeddings: "input"
        }
    }
}
