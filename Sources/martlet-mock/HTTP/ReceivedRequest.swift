internal import NIOCore
internal import NIOHTTP1

/// One complete request as it came in.
struct ReceivedRequest {
    let head: HTTPRequestHead
    let body: ByteBuffer
    /// The target without its query.
    let path: Substring
    /// Counts all requests of this process; ids in answers are made from it.
    var number = 0

    init(head: HTTPRequestHead, body: ByteBuffer) {
        let target = head.uri
        self.head = head
        self.body = body
        self.path = target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
    }

    /// Whether it is for one of the mock's own routes.
    var isControl: Bool {
        self.path.utf8.starts(with: "/_mock/".utf8)
    }

    /// The key after `Bearer `, if the request has one.
    var bearerKey: String? {
        guard let value = self.head.headers.first(name: "authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// Reads the body as JSON.
    func json() throws(JSONError) -> JSONValue {
        let outcome: Result<JSONValue, JSONError> = self.body.withUnsafeReadableBytes { bytes in
            do throws(JSONError) {
                return .success(try JSONParser.parse(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
