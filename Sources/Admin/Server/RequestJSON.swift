import Domain
import NIOCore
import WireFormats

/// Reads a request's body: one JSON object of bounded size and depth.
enum RequestJSON {
    /// Bytes.
    static let largest = 1 << 20
    private static let deepest = 32

    /// The object; an empty body is an empty object, which clients send that have nothing to say.
    ///
    /// - Throws: `badRequest` for anything else, and for an object in which a key stands twice.
    static func read(_ body: ByteBuffer) throws(GatewayError) -> JSONObject {
        guard body.readableBytes > 0 else { return JSONObject() }
        do {
            // Two parsers disagree about which of two equal keys counts: such a body is refused.
            var members = JSONMembers()
            try members.scan(body.readableBytesUInt8Span, maximumDepth: self.deepest)
            let value = try JSONValue(parsing: body, maximumDepth: self.deepest)
            return value.object ?? JSONObject()
        } catch {
            throw GatewayError(.badRequest, "Invalid JSON payload: \(error)", param: "request_body")
        }
    }
}
