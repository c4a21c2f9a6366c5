package import NIOCore
package import WireFormats

/// One client request for a model, as one scan of its body found it.
package struct ModelCall: Sendable {
    package var operation: Operation
    /// The request's JSON text: exactly one object.
    package var body: ByteBuffer
    /// The body's top-level members, as byte ranges of `body`'s readable bytes.
    package var members: JSONMembers
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
        self.body = body
        self.members = members
        self.model = model
        self.isStream = isStream
        self.wantsUsage = wantsUsage
        self.id = id
        self.created = created
    }
}
