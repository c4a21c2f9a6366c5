import Domain
import NIOCore
import WireFormats

/// Unit vectors that depend on nothing but the text, for trying what works on embeddings.
struct MockEmbeddings {
    let call: ModelCall

    private static let defaultDimensions = 16
    private static let maximumDimensions = 4096
    private static let maximumInputs = 2048

    /// - Throws: `badRequest` for more inputs or dimensions than the mock makes.
    func body(_ usage: TokenUsage) throws(GatewayError) -> ByteBuffer {
        let bytes = self.call.body.readableBytesUInt8Span
        let dimensions =
            JSONPeek.integer(self.call.members.value(of: "dimensions", in: bytes), in: bytes) ?? Self.defaultDimensions
        guard (1...Self.maximumDimensions).contains(dimensions) else {
            throw GatewayError(
                .badRequest,
                "The mock makes embeddings of 1 to \(Self.maximumDimensions) dimensions.",
                param: "dimensions"
            )
        }
        let inputs = self.inputs(bytes)
        guard inputs.count <= Self.maximumInputs else {
            throw GatewayError(.badRequest, "The mock takes at most \(Self.maximumInputs) inputs.", param: "input")
        }
        let isBase64 = JSONPeek.isString(
            self.call.members.value(of: "encoding_format", in: bytes),
            "base64",
            in: bytes
        )
        var output = ByteBuffer(string: #"{"object":"list","data":["#)
        for (index, input) in inputs.enumerated() {
            if index > 0 { output.writeStaticString(",") }
            output.writeString(#"{"object":"embedding","index":\#(index),"embedding":"#)
            let vector = Self.vector(seed: Self.hash(bytes, input), dimensions: dimensions)
            if isBase64 { Self.writeBase64(vector, into: &output) } else { Self.writeList(vector, into: &output) }
            output.writeStaticString("}")
        }
        output.writeStaticString(#"],"model":"#)
        JSONText.writeString(self.call.model, into: &output)
        output.writeString(#","usage":{"prompt_tokens":\#(usage.prompt),"total_tokens":\#(usage.prompt)}}"#)
        return output
    }

    /// A string, strings, tokens or lists of tokens.
    private func inputs(_ bytes: Span<UInt8>) -> [Range<Int>] {
        guard let input = self.call.members.value(of: "input", in: bytes) else { return [] }
        guard JSONPeek.isArray(input, in: bytes) else { return [input] }
        var inputs: [Range<Int>] = []
        var walk = ArrayWalk(input, in: bytes)
        while let element = walk.next(in: bytes) {
            if JSONPeek.integer(element, in: bytes) != nil { return [input] }
            inputs.append(element)
        }
        return inputs
    }

    /// FNV-1a.
    private static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }

    /// Numbers of SplitMix64, brought to length one.
    private static func vector(seed: UInt64, dimensions: Int) -> [Float] {
        var state = seed
        let numbers = (0..<dimensions).map { _ -> Float in
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return Float((mixed ^ (mixed >> 31)) >> 40) / Float(1 << 23) - 1
        }
        let length = numbers.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? numbers.map { $0 / length } : numbers
    }

    private static func writeList(_ vector: [Float], into output: inout ByteBuffer) {
        output.writeStaticString("[")
        for (index, number) in vector.enumerated() {
            if index > 0 { output.writeStaticString(",") }
            output.writeString(number.description)
        }
        output.writeStaticString("]")
    }

    /// Little-endian float32 after one another, as OpenAI's clients read them.
    private static func writeBase64(_ vector: [Float], into output: inout ByteBuffer) {
        var raw: [UInt8] = []
        raw.reserveCapacity(vector.count * 4)
        for number in vector {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                raw.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
            }
        }
        output.writeStaticString("\"")
        Base64.write(raw, into: &output)
        output.writeStaticString("\"")
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    static func write(_ bytes: [UInt8], into output: inout ByteBuffer) {
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for place in 0..<4 {
                let sextet = Int(group >> UInt32(18 - 6 * place) & 0x3f)
                output.writeInteger(place <= count ? self.alphabet.utf8Start[sextet] : UInt8(ascii: "="))
            }
        }
    }
}
