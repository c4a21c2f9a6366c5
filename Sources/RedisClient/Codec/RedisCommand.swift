package import NIOCore

/// A command as it goes to a server: an array of strings in RESP.
///
/// Encoded where it is made, so that the event loop only writes bytes.
package struct RedisCommand: Sendable {
    /// One word of a command.
    package enum Word: Sendable, ExpressibleByStringLiteral {
        case text(String)
        case integer(Int64)
        case bytes(ByteBuffer)

        package init(stringLiteral value: String) {
            self = .text(value)
        }
    }

    package let bytes: ByteBuffer
    /// Where it belongs in a cluster; nil when any node will do.
    package let slot: HashSlot?

    /// A command whose `key`, the one it is about, says where it belongs in a cluster.
    package init(_ words: [Word], key: String? = nil) {
        var buffer = ByteBuffer()
        Self.write("*", Int64(words.count), &buffer)
        for word in words { Self.write(word, &buffer) }
        self.bytes = buffer
        self.slot = key.map { HashSlot(key: $0) }
    }

    package init(_ words: Word..., key: String? = nil) {
        self.init(words, key: key)
    }

    private static func write(_ word: Word, _ buffer: inout ByteBuffer) {
        switch word {
        case .text(let text):
            Self.write("$", Int64(text.utf8.count), &buffer)
            buffer.writeString(text)
        case .integer(let value):
            let text = String(value)
            Self.write("$", Int64(text.utf8.count), &buffer)
            buffer.writeString(text)
        case .bytes(let bytes):
            Self.write("$", Int64(bytes.readableBytes), &buffer)
            buffer.writeImmutableBuffer(bytes)
        }
        buffer.writeStaticString("\r\n")
    }

    private static func write(_ mark: StaticString, _ number: Int64, _ buffer: inout ByteBuffer) {
        buffer.writeStaticString(mark)
        buffer.writeString(String(number))
        buffer.writeStaticString("\r\n")
    }
}
