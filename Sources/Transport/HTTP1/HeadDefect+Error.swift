package import Domain

extension HeadDefect {
    /// What the client is told.
    package var error: GatewayError {
        switch self {
        case .uriTooLong(let limit):
            GatewayError(.uriTooLong, "The request's URI is longer than \(limit) bytes.")
        case .tooManyFields(let limit):
            GatewayError(.headersTooLarge, "The request has more than \(limit) header fields.")
        case .fieldTooLarge(let limit):
            GatewayError(.headersTooLarge, "A header field of the request is larger than \(limit) bytes.")
        case .headTooLarge(let limit):
            GatewayError(.headersTooLarge, "The request's header fields are larger than \(limit) bytes together.")
        case .bodyTooLarge(let limit):
            GatewayError(.tooLarge, "The request's body is larger than \(limit) bytes.", code: "request_too_large")
        case .badVersion:
            GatewayError(.badRequest, "Only HTTP/1.1 and HTTP/1.0 are spoken here.", status: 505)
        case .unsupportedEncoding:
            GatewayError(.badRequest, "The only transfer coding accepted is 'chunked', once.", status: 501)
        case .unsupportedExpectation:
            GatewayError(.badRequest, "The only expectation accepted is '100-continue'.", status: 417)
        default: GatewayError(.badRequest, "The request is not valid HTTP/1.1: \(self.explanation).")
        }
    }

    private var explanation: String {
        switch self {
        case .badStartLine: "its first line is not a method, a target and a version"
        case .badTarget: "its target holds characters that a URI has not"
        case .absoluteTarget: "its target must be a path that starts with '/'"
        case .badFieldName: "a header field's name is malformed"
        case .badFieldValue: "a header field's value holds control characters"
        case .foldedField: "a header field is folded over several lines"
        case .bareLineFeed: "a line ends in LF without CR"
        case .missingHost: "the Host field is missing"
        case .badHost: "the Host field is repeated or malformed"
        case .badContentLength: "the Content-Length is no number"
        case .duplicateContentLength: "the Content-Length stands twice"
        case .lengthAndEncoding: "it has both a Content-Length and a Transfer-Encoding"
        case .badChunk: "its chunked body is malformed"
        default: "it cannot be read"
        }
    }
}
