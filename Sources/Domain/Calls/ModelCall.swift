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

    /// Bounds the output: `max_tokens` becomes `limit`, whatever the client gave.
    package mutating func limitOutput(to limit: Int) {
        let edited = self.bodyLimited(to: limit)
        var members = JSONMembers()
        // An edit of a text that was scanned scans as well; were it not so, the call would go as it came.
        guard (try? members.scan(edited.readableBytesUInt8Span)) != nil else { return }
        self.body = edited
        self.members = members
    }

    private func bodyLimited(to limit: Int) -> ByteBuffer {
        let bytes = self.body.readableBytesUInt8Span
        var splice = JSONSplice()
        let number = ByteBuffer(string: String(limit))
        var isGiven = false
        for name in ["max_completion_tokens", "max_tokens"] as [StaticString] {
            guard let range = self.members.value(of: name, in: bytes) else { continue }
            isGiven = true
            splice.replace(range, with: number)
        }
        if !isGiven, let brace = self.body.readableBytesView.firstIndex(of: UInt8(ascii: "{")) {
            // The body has members: at least the model, or the messages.
            let position = brace - self.body.readerIndex + 1
            splice.replace(position..<position, with: ByteBuffer(string: #""max_tokens":\#(limit),"#))
        }
        var edited = ByteBuffer()
        splice.apply(to: self.body, into: &edited)
        return edited
    }

    /// Lets go of the body, with what points into it.
    ///
    /// For the time of the answer, which may be minutes: the rest of the call is all that reading an answer takes.
    package mutating func dropBody() {
        self.body = ByteBuffer()
        self.members = JSONMembers()
    }
}
