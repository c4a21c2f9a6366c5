import Domain
import NIOCore
import Transport
import WireFormats

/// What a request says of itself for the books: for whom, under which tags, in which session.
struct CallLabels: Sendable {
    var endUserID: String?
    var tags: [String] = []
    var sessionID: String?

    static let none = CallLabels()

    private init() {}

    private static let maximumTags = 32
    private static let maximumLength = 256

    /// Reads headers and body, as LiteLLM does (litellm.md, section 4): headers win over the body.
    init(_ call: ModelCall, _ fields: HeaderFields, _ settings: RequestSettings) {
        let bytes = call.body.readableBytesUInt8Span
        let metadata =
            call.members.value(of: "metadata", in: bytes) ?? call.members.value(of: "litellm_metadata", in: bytes)
        self.endUserID = Self.endUser(call, fields, settings, metadata)
        self.sessionID = Self.short(fields.value("x-litellm-session-id"))
        if let list = fields.value("x-litellm-tags") {
            for tag in list.split(separator: ",") { self.add(tag.trimmingSpaces) }
        }
        self.addTags(call.members.value(of: "tags", in: bytes), call.body)
        if let metadata, bytes[metadata.lowerBound] == UInt8(ascii: "{") {
            self.addTags(JSONPeek.member("tags", of: metadata, in: bytes), call.body)
        }
    }

    private static func endUser(
        _ call: ModelCall,
        _ fields: HeaderFields,
        _ settings: RequestSettings,
        _ metadata: Range<Int>?
    ) -> String? {
        for name in ["x-litellm-end-user-id", "x-litellm-customer-id"] as [StaticString] {
            if let id = self.short(fields.value(name)) { return id }
        }
        if let name = settings.endUserHeader, let value = RequestKeyHeaders(fields).header(named: name) {
            if let id = self.short(String(buffer: value)) { return id }
        }
        let bytes = call.body.readableBytesUInt8Span
        if let range = call.members.value(of: "user", in: bytes), let id = self.short(JSONPeek.string(range, in: bytes))
        {
            return id
        }
        guard let metadata, bytes[metadata.lowerBound] == UInt8(ascii: "{"),
            let range = JSONPeek.member("user_id", of: metadata, in: bytes)
        else { return nil }
        return self.short(JSONPeek.string(range, in: bytes))
    }

    private static func short(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= self.maximumLength else { return nil }
        return text
    }

    private mutating func addTags(_ list: Range<Int>?, _ body: ByteBuffer) {
        guard let list, let text = body.getSlice(at: body.readerIndex + list.lowerBound, length: list.count) else {
            return
        }
        // The body's grammar was checked by the scan; were this no list, there would be no tags in it.
        guard let values = try? JSONValue(parsing: text).array else { return }
        for value in values { if let tag = value.string { self.add(tag) } }
    }

    private mutating func add(_ tag: some StringProtocol) {
        guard self.tags.count < Self.maximumTags, let tag = Self.short(String(tag)), !self.tags.contains(tag) else {
            return
        }
        self.tags.append(tag)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
