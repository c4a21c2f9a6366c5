import NIOCore

/// Which web pages may call the model routes (WHATWG Fetch, section 3.3 "CORS protocol").
package struct CORSPolicy: Sendable {
    package var isEnabled = true
    /// `*` for every origin.
    package var allowedOrigins = ["*"]
    package var allowedHeaders = ["*"]
    package var exposedHeaders = ["*"]
    package var maximumAge: Duration = .seconds(600)
    package var allowsCredentials = false

    package init() {}

    /// The headers of an answer to a request from `origin`, as whole lines; empty when it may not read the answer.
    func answerHeaders(origin: String?) -> ByteBuffer {
        var lines = ByteBuffer()
        guard self.isEnabled, let origin, let allowed = self.allowedValue(for: origin) else { return lines }
        lines.writeString("access-control-allow-origin: \(allowed)\r\n")
        if allowed != "*" { lines.writeStaticString("vary: origin\r\n") }
        if self.allowsCredentials { lines.writeStaticString("access-control-allow-credentials: true\r\n") }
        if !self.exposedHeaders.isEmpty {
            lines.writeString("access-control-expose-headers: \(self.exposedHeaders.joined(separator: ", "))\r\n")
        }
        return lines
    }

    /// The headers of the answer to a preflight, or nil when `origin` may not call.
    func preflightHeaders(origin: String, requestedHeaders: String?) -> ByteBuffer? {
        guard self.isEnabled, self.allowedValue(for: origin) != nil else { return nil }
        var lines = self.answerHeaders(origin: origin)
        lines.writeStaticString("access-control-allow-methods: GET, POST, OPTIONS\r\n")
        // `*` does not cover `authorization`, so what was asked for is named.
        let headers = self.allowedHeaders == ["*"] ? requestedHeaders : self.allowedHeaders.joined(separator: ", ")
        if let headers { lines.writeString("access-control-allow-headers: \(headers)\r\n") }
        lines.writeString("access-control-max-age: \(self.maximumAge.components.seconds)\r\n")
        return lines
    }

    private func allowedValue(for origin: String) -> String? {
        if self.allowedOrigins.contains("*") { return self.allowsCredentials ? origin : "*" }
        return self.allowedOrigins.contains(origin) ? origin : nil
    }
}
