package import NIOCore
package import WireFormats

/// One client request for a model, as one scan of its body found it.
package struct ModelCall: Sendable {
    package var operation: Operation
    /// The request's JSON text: exactly one object.
    package private(set) var body: ByteBuffer
    /// The body's top-level members, as byte ranges of `body`'s readable bytes.
    package private(set) var members: JSONMembers
    /// Whether one answer is asked for (`n` is absent or 1), as far as chat completions go.
    package let hasOneChoice: Bool
    /// The model's name as the client wrote it.
    package var model: String
    package var isStream: Bool
    /// Whether the client asked for the usage chunk at a stream's end (`stream_options.include_usage`).
    package var wantsUsage: Bool
    /// The identity the answer carries where the provider gives none, such as `chatcmpl-...`'s tail.
    package var id: String
    /// Seconds since 1970, for answers whose provider gives no time.
    package var created: Int

    package init(
        operation: Operation,
        body: ByteBuffer,
        members: JSONMembers,
        model: String,
        isStream: Bool,
        wantsUsage: Bool,
        id: String,
        created: Int
    ) {
        self.operation = operation
        self.hasOneChoice = operation == .chatCompletions && Self.hasOneChoice(members, body.readableBytesUInt8Span)
        self.body = body
        self.members = members
        self.model = model
        self.isStream = isStream
        self.wantsUsage = wantsUsage
        self.id = id
        self.created = created
    }

    private static func hasOneChoice(_ members: JSONMembers, _ bytes: Span<UInt8>) -> Bool {
        guard let n = members.value(of: "n", in: bytes) else { return true }
        return JSONPeek.matches(bytes, n, "1") || JSONPeek.isNull(n, in: bytes)
    }

    /// Lets go of the body, with what points into it.
    ///
    /// For the time of the answer, which may be minutes: the rest of the call is all that reading an answer takes.
    package mutating func dropBody() {
        self.body = ByteBuffer()
        self.members = JSONMembers()
    }
}
