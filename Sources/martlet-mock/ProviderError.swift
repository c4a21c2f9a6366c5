/// A refusal, before it is put into a provider's error shape.
struct ProviderError: Error {
    var status: Int
    /// Nil: the provider's usual text for this status.
    var message: String?
    /// OpenAI's `param`: the field at fault.
    var parameter: String?
    var code: String?
    /// Nil: the provider's usual type for this status.
    var type: String?
    /// The directive that asked for the error, or for how to send it.
    var directive: Directive?

    init(
        status: Int,
        _ message: String? = nil,
        parameter: String? = nil,
        code: String? = nil,
        directive: Directive? = nil
    ) {
        self.status = status
        self.message = message
        self.parameter = parameter
        self.code = code
        self.directive = directive
    }

    /// The error a directive asks for; nil if it asks for none.
    init?(scripted directive: Directive) {
        guard let status = directive.status ?? (directive.html ? 502 : nil), status >= 400 || directive.html else {
            return nil
        }
        self.init(status: status, directive.message, code: directive.code, directive: directive)
        self.type = directive.type
    }

    /// A 400 for a request that breaks the provider's rules.
    static func invalid(_ message: String, _ parameter: String? = nil, code: String? = nil) -> ProviderError {
        ProviderError(status: 400, message, parameter: parameter, code: code)
    }
}

extension Directive {
    /// Takes the directives out of a text; one that cannot be read is a 400, so that its author sees why.
    static func readable(_ text: String) throws(ProviderError) -> Extraction {
        do throws(DirectiveError) {
            return try Self.extract(from: text)
        } catch {
            throw .invalid(error.message, code: "mock_directive")
        }
    }

    /// The header lines that go with a scripted error.
    var retryHeaderLines: String {
        var lines = ""
        if let seconds = self.retryAfter { lines += "retry-after: \(seconds)\r\n" }
        if let milliseconds = self.retryAfterMilliseconds { lines += "retry-after-ms: \(milliseconds)\r\n" }
        if let retry = self.shouldRetry { lines += "x-should-retry: \(retry)\r\n" }
        return lines
    }
}
