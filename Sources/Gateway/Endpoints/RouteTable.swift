import Domain
import NIOCore
import Transport
import WireFormats

/// What a request's method and path ask for.
enum Route: Sendable, Equatable {
    /// `model` is the one the path names, if it does.
    case model(Operation, model: String?)
    case models
    case modelDetail(id: String)
    /// A path of the management plane's, in whatever method.
    case management
    case health(HealthEndpoint.Probe)
    case preflight
    case notFound
    /// `allow` is the header's value.
    case methodNotAllowed(allow: String)
}

/// The one place that owns the table of paths.
///
/// Each route stands with and without `/v1` (SDKs differ on whether the base URL ends in it, so it may even stand twice),
/// with or without a slash at its end.
enum RouteTable {
    ///
    /// `management` is asked for paths that are not the data plane's.
    static func route(_ head: RequestHead, management: (Substring) -> Bool = { _ in false }) -> Route {
        let bytes = head.fields.bytes.readableBytesUInt8Span
        // The two that nearly all requests are for, without a look at the rest.
        if head.method == .post, let operation = self.usual(bytes, head.path) { return .model(operation, model: nil) }
        let path = self.normalized(head.pathText)
        if head.method == .options, head.fields.contains("access-control-request-method") {
            return self.resource(path) == nil && !management(Substring(head.pathText)) ? .notFound : .preflight
        }
        guard let (route, allowed) = self.resource(path) else {
            return management(Substring(head.pathText)) ? .management : .notFound
        }
        let isAllowed = allowed == "POST" ? head.method == .post : head.method == .get || head.method == .head
        return isAllowed ? route : .methodNotAllowed(allow: allowed)
    }

    private static func usual(_ bytes: Span<UInt8>, _ path: Range<Int>) -> Operation? {
        if JSONPeek.matches(bytes, path, "/v1/chat/completions") { return .chatCompletions }
        if JSONPeek.matches(bytes, path, "/chat/completions") { return .chatCompletions }
        return nil
    }

    /// The path without `/v1` at its front and slashes at its end.
    private static func normalized(_ path: String) -> Substring {
        // On bytes: a path may be long, and every step over characters starts from its front.
        var bytes = path.utf8[...]
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        while bytes.starts(with: "/v1/".utf8) { bytes.removeFirst(3) }
        return Substring(bytes)
    }

    /// What stands at a path, and the methods it takes.
    private static func resource(_ path: Substring) -> (route: Route, allowed: String)? {
        switch path {
        case "/models": return (.models, "GET, HEAD")
        case "/health": return (.health(.summary), "GET, HEAD")
        case "/health/liveliness", "/health/liveness": return (.health(.liveness), "GET, HEAD")
        case "/health/readiness": return (.health(.readiness), "GET, HEAD")
        default: break
        }
        for operation in Operation.allCases where path == operation.path {
            return (.model(operation, model: nil), "POST")
        }
        if path.hasPrefix("/models/"), let id = PercentEncoding.decode(path.dropFirst(8)) {
            return (.modelDetail(id: id), "GET, HEAD")
        }
        return self.namedByPath(path)
    }

    /// `/engines/{model}/...` (OpenAI before 2022) and `/openai/deployments/{model}/...` (Azure).
    private static func namedByPath(_ path: Substring) -> (route: Route, allowed: String)? {
        for prefix in ["/engines/", "/openai/deployments/"] where path.hasPrefix(prefix) {
            let rest = path.dropFirst(prefix.count)
            // `/chat/completions` ends in `/completions`, so the longer one is tried first.
            for operation in Operation.allCases where rest.hasSuffix(operation.path) {
                let encoded = rest.dropLast(operation.path.count)
                guard let model = PercentEncoding.decode(encoded), !model.isEmpty else { return nil }
                return (.model(operation, model: model), "POST")
            }
        }
        return nil
    }

    static func notFound(_ head: RequestHead) -> GatewayError {
        let path = head.pathText
        let shown = path.count > 200 ? "\(path.prefix(200))..." : path
        return GatewayError(
            .notFound,
            "There is nothing at '\(shown)'. The model routes are /v1/chat/completions, /v1/completions, "
                + "/v1/embeddings and /v1/models; GET /docs lists all others.",
            code: "not_found"
        )
    }
}

/// Percent-encoding of URI paths (RFC 3986, section 2.1).
enum PercentEncoding {
    /// The text behind `encoded`, or nil where an escape is broken or the result is no UTF-8.
    static func decode(_ encoded: Substring) -> String? {
        var output: [UInt8] = []
        var bytes = encoded.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap(self.digit), let low = bytes.next().flatMap(self.digit) else {
                return nil
            }
            output.append(high << 4 | low)
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
