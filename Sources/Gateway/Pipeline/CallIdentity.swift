import NIOCore
import Transport
import WireFormats

/// The names one call goes by.
struct CallIdentity: Sendable {
    /// The client's `x-request-id`, else the call's id.
    var requestID: ByteBuffer
    /// The client's `x-litellm-call-id`, else a fresh UUID.
    var callID: ByteBuffer
    /// Whether the call's id is the client's word, which may come twice.
    var isCallIDGiven: Bool
    /// CORS headers of the answer, as whole lines.
    var corsHeaders: ByteBuffer
    /// The call's id where error bodies are to carry it (`include_call_id_in_error_body`).
    var idInErrors: ByteBuffer?

    init(_ exchange: Exchange, _ settings: RequestSettings) {
        let fields = exchange.head.fields
        let given = Self.accepted(fields, "x-litellm-call-id")
        self.isCallIDGiven = given != nil
        self.callID = given ?? Self.makeID(exchange.lane)
        self.requestID = Self.accepted(fields, "x-request-id") ?? self.callID
        self.corsHeaders =
            fields.contains("origin") ? settings.cors.answerHeaders(origin: fields.value("origin")) : ByteBuffer()
        self.idInErrors = settings.includesCallIDInErrors ? self.callID : nil
    }

    private static let maximumLength = 128

    /// A client's own id, if it is one: 1 to 128 visible ASCII characters.
    private static func accepted(_ fields: HeaderFields, _ name: StaticString) -> ByteBuffer? {
        guard let range = fields.range(name), !range.isEmpty, range.count <= self.maximumLength else { return nil }
        let bytes = fields.bytes.readableBytesUInt8Span
        for index in range where bytes[index] <= 0x20 || bytes[index] >= 0x7f { return nil }
        return fields.slice(range)
    }

    /// A random UUID (RFC 9562, version 4).
    static func makeID(_ lane: Lane) -> ByteBuffer {
        let high = lane.random.next() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = lane.random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        var output = ByteBuffer()
        output.reserveCapacity(36)
        self.writeHex(high >> 32, digits: 8, into: &output)
        output.writeInteger(UInt8(ascii: "-"))
        self.writeHex(high >> 16, digits: 4, into: &output)
        output.writeInteger(UInt8(ascii: "-"))
        self.writeHex(high, digits: 4, into: &output)
        output.writeInteger(UInt8(ascii: "-"))
        self.writeHex(low >> 48, digits: 4, into: &output)
        output.writeInteger(UInt8(ascii: "-"))
        self.writeHex(low, digits: 12, into: &output)
        return output
    }

    private static func writeHex(_ value: UInt64, digits: Int, into output: inout ByteBuffer) {
        for position in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(value >> UInt64(position) & 0xf)
            output.writeInteger(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
