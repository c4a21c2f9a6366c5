extension Secret where Value == String {
    /// What a secret must at least be long to be looked for: anything shorter stands in many an innocent text.
    private static var minimumLength: Int { 4 }

    /// The text without the secret, wherever it stood.
    ///
    /// For what others say to us: a provider's error may quote the key it was called with.
    package func scrubbed(from text: String) -> String {
        let secret = self.reveal()
        guard secret.utf8.count >= Self.minimumLength else { return text }
        return text.replacing(secret, with: "***")
    }
}

extension Deployment.Endpoint {
    /// The error without any of the endpoint's credentials in its words.
    package func scrubbed(_ error: GatewayError) -> GatewayError {
        var error = error
        for credential in self.credentials { error.message = credential.scrubbed(from: error.message) }
        return error
    }
}
