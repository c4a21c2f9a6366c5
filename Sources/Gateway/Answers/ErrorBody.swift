import Domain
import NIOCore
import WireFormats

/// Renders errors in OpenAI's shape: `{"error":{"message","type","param","code"}}`.
enum ErrorBody {
    /// The body; `callID` is put in where the configuration wants it there.
    static func openAI(_ error: GatewayError, callID: ByteBuffer? = nil) -> ByteBuffer {
        var output = ByteBuffer()
        output.writeStaticString(#"{"error":{"message":"#)
        JSONText.writeString(error.message, into: &output)
        output.writeStaticString(#","type":"#)
        JSONText.writeString(error.type, into: &output)
        output.writeStaticString(#","param":"#)
        self.writeOptional(error.param, into: &output)
        output.writeStaticString(#","code":"#)
        self.writeOptional(error.code, into: &output)
        if let callID {
            output.writeStaticString(#","litellm_call_id":"#)
            JSONText.writeString(String(buffer: callID), into: &output)
        }
        output.writeStaticString("}}")
        return output
    }

    /// The event that ends a stream which broke after it had begun.
    static func openAIEvent(_ error: GatewayError) -> ByteBuffer {
        var output = ByteBuffer()
        SSEWriter.write(data: self.openAI(error), into: &output)
        return output
    }

    private static func writeOptional(_ text: String?, into output: inout ByteBuffer) {
        if let text {
            JSONText.writeString(text, into: &output)
        } else {
            output.writeStaticString("null")
        }
    }
}
