import Domain
import NIOCore
import Policies
import Transport

/// Hands requests for the management plane on, and brings its answers back to their lane.
///
/// Management works with databases and whole lists; none of that runs on a lane.
struct ManagementEndpoint: Sendable {
    private let plane: any ManagementPlane

    init(_ plane: any ManagementPlane) {
        self.plane = plane
    }

    func owns(_ path: Substring) -> Bool { self.plane.owns(path: path) }

    /// Answers `exchange`, some time later.
    ///
    /// `identity` names the request; `caller` is who was found to be calling, or why nobody was.
    func handle(_ exchange: Exchange, _ identity: CallIdentity, _ caller: Result<Caller, GatewayError>) {
        let request = Self.request(exchange, identity, caller)
        let plane = self.plane
        let lane = exchange.lane
        let answered = lane.loop.makeFutureWithTask { await plane.answer(request) }
        // The plane answers every request, so nothing fails here.
        answered.assumeIsolated().whenSuccess { Self.respond(exchange, identity, $0) }
    }

    private static func request(
        _ exchange: Exchange,
        _ identity: CallIdentity,
        _ caller: Result<Caller, GatewayError>
    ) -> ManagementRequest {
        let head = exchange.head
        let fields = head.fields
        let target = head.query.map { "\(head.pathText)?\(fields.text($0))" } ?? head.pathText
        var request = ManagementRequest(
            method: self.name(head.method),
            target: target,
            headers: fields.items.map { (fields.text($0.name).lowercased(), fields.text($0.value)) },
            body: exchange.takeBody(),
            caller: nil,
            id: String(buffer: identity.requestID),
            origin: exchange.clientAddress ?? "unknown"
        )
        switch caller {
        case .success(let caller): request.caller = caller.forManagement
        case .failure(let error): request.refusal = error
        }
        return request
    }

    private static func name(_ method: RequestHead.Method) -> String {
        switch method {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other: "OTHER"
        }
    }

    private static func respond(_ exchange: Exchange, _ identity: CallIdentity, _ answer: ManagementAnswer) {
        var headers = ByteBuffer()
        AnswerHeaders.writeIDs(identity, into: &headers)
        ErrorAnswer.writeVersion(into: &headers)
        for (name, value) in answer.headers where PlainHeader.isValid(name, value) {
            headers.writeString("\(name): \(value)\r\n")
        }
        exchange.respond(status: answer.status, headers: headers, body: answer.body)
    }
}

/// Header lines that cannot break out of their line.
enum PlainHeader {
    static func isValid(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
}
