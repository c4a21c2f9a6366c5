import Domain
import NIOCore
import Transport

/// Writes the headers every answer carries, as whole lines.
enum AnswerHeaders {
    static let version = Martlet.version

    /// The ids, and what a browser needs.
    static func writeCommon(_ call: CallIdentity, contentType: StaticString, into output: inout ByteBuffer) {
        output.writeStaticString("content-type: ")
        output.writeStaticString(contentType)
        output.writeStaticString("\r\n")
        self.writeIDs(call, into: &output)
    }

    static func writeIDs(_ call: CallIdentity, into output: inout ByteBuffer) {
        output.writeStaticString("x-request-id: ")
        output.writeImmutableBuffer(call.requestID)
        output.writeStaticString("\r\nx-litellm-call-id: ")
        output.writeImmutableBuffer(call.callID)
        output.writeStaticString("\r\n")
        output.writeImmutableBuffer(call.corsHeaders)
    }

    /// How long the request took, and how much of that was the gateway's doing.
    ///
    /// Unit: milliseconds, with three decimals.
    static func writeDurations(total: TimeAmount, upstream: TimeAmount, into output: inout ByteBuffer) {
        output.writeStaticString("x-litellm-response-duration-ms: ")
        self.writeMilliseconds(total.nanoseconds, into: &output)
        output.writeStaticString("\r\nx-litellm-overhead-duration-ms: ")
        self.writeMilliseconds(max(0, total.nanoseconds - upstream.nanoseconds), into: &output)
        output.writeStaticString("\r\n")
    }

    static func writeMilliseconds(_ nanoseconds: Int64, into output: inout ByteBuffer) {
        let micros = Int(nanoseconds / 1000)
        self.writeDecimal(micros / 1000, into: &output)
        output.writeInteger(UInt8(ascii: "."))
        let fraction = micros % 1000
        output.writeInteger(UInt8(0x30 + fraction / 100))
        output.writeInteger(UInt8(0x30 + fraction / 10 % 10))
        output.writeInteger(UInt8(0x30 + fraction % 10))
    }

    static func writeDecimal(_ number: Int, into output: inout ByteBuffer) {
        if number >= 10 { self.writeDecimal(number / 10, into: &output) }
        output.writeInteger(UInt8(0x30 + number % 10))
    }
}

/// What this program is.
package enum Martlet {
    package static let version = "0.1.0"
}
