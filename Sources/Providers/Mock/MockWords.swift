/// The mock's own words, and how it cuts and counts them.
enum MockWords {
    /// How many characters of the client's text are repeated.
    private static let maximumEcho = 400

    static func answer(to question: String, model: String) -> String {
        var echo = String(question.prefix(self.maximumEcho))
        if question.count > self.maximumEcho { echo += "..." }
        let heard = echo.isEmpty ? "" : " You said: \"\(echo)\"."
        return """
            Hello! I am Martlet's built-in mock: your request went through the gateway, and no provider was called.\
            \(heard) For answers from a real model, add a provider's entry to model_list in your configuration, for \
            example model: openai/gpt-4o with api_key: os.environ/OPENAI_API_KEY, and ask for its model_name instead \
            of "\(model)".
            """
    }

    /// About four bytes a token, at least one if there is anything.
    static func tokens(_ bytes: Int) -> Int {
        (bytes + 3) / 4
    }

    /// Pieces of three characters, as LiteLLM streams its mock responses.
    static func triples(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(3)))
            rest = rest.dropFirst(3)
        }
        return pieces
    }

    /// Words, each with the space after it.
    static func words(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if character == " " || character == "\n" {
                pieces.append(piece)
                piece = ""
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
