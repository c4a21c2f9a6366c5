import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import WireFormats

/// An answer of the management API.
struct Answer: Sendable {
    var status: Int
    var contentType: String
    var body: ByteBuffer
    /// Beside the content type.
    var headers: [(name: String, value: String)] = []

    init(status: Int = 200, contentType: String, body: ByteBuffer) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func json(_ value: JSONValue, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "application/json", body: value.serialized)
    }

    static func json(_ object: JSONObject, status: Int = 200) -> Answer { self.json(.object(object), status: status) }

    private var allHeaders: [(name: String, value: String)] {
        // Answers hold keys, spend and people: nobody between here and the client keeps them.
        let contentType = self.body.readableBytes > 0 ? [(name: "content-type", value: self.contentType)] : []
        return contentType + [("cache-control", "no-store"), ("x-content-type-options", "nosniff")] + self.headers
    }

    var response: Response {
        var fields = HTTPFields()
        for (name, value) in self.allHeaders {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return Response(
            status: HTTPResponse.Status(code: self.status),
            headers: fields,
            body: ResponseBody(byteBuffer: self.body)
        )
    }

    var managementAnswer: ManagementAnswer {
        ManagementAnswer(status: self.status, headers: self.allHeaders, body: self.body)
    }
}
