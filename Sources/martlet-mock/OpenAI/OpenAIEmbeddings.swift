internal import NIOCore

/// `POST embeddings`: vectors of length one that depend on the input's bytes only.
enum OpenAIEmbeddings {
    private static let defaultDimensions = 8

    static func answer(_ request: ReceivedRequest, scripted: Directive?) throws(ProviderError) -> Answer {
        let fields = try OpenAI.json(request)
        let model = try OpenAI.model(fields)
        guard let input = fields["input"], !input.isNull else {
            throw .invalid("Missing required parameter: 'input'.", "input", code: "missing_required_parameter")
        }
        let inputs = try OpenAIInput.read(input, parameter: "input")
        let dimensions = fields["dimensions"]?.int ?? Self.defaultDimensions
        guard (1...8192).contains(dimensions) else {
            throw .invalid("Invalid 'dimensions': expected an integer from 1 to 8192.", "dimensions")
        }
        let format = fields["encoding_format"]?.text ?? "float"
        guard format == "float" || format == "base64" else {
            throw .invalid("Invalid value: '\(format)'. Supported values are: 'float' and 'base64'.", "encoding_format")
        }
        var directive = scripted
        var list: [JSONValue] = []
        for (index, input) in inputs.enumerated() {
            let extraction = try Directive.readable(input.text)
            directive = directive ?? extraction.directive
            let vector = Self.vector(for: extraction.text, dimensions: dimensions)
            list.append(
                [
                    "object": "embedding",
                    "index": .integer(index),
                    "embedding": format == "base64" ? .string(Self.base64(vector)) : Self.numbers(vector),
                ]
            )
        }
        if let directive, let error = ProviderError(scripted: directive) { throw error }
        let tokens = JSONValue.integer(inputs.reduce(0) { $0 + $1.tokens })
        var value: JSONValue = ["object": "list", "data": .array(list), "model": .string(model)]
        if directive?.noUsage != true {
            let usage: JSONValue = ["prompt_tokens": tokens, "total_tokens": tokens]
            value.append("usage", usage.overlaid(with: directive?.usage))
        }
        var body = ByteBuffer()
        body.write(json: value)
        return Answer(
            status: directive?.status ?? 200,
            headerLines: OpenAI.headerLines(request.number),
            body: .complete(body),
            directive: directive
        )
    }

    /// Numbers from a hash (FNV-1a, then xorshift), scaled to length one.
    private static func vector(for text: String, dimensions: Int) -> [Float] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var values: [Float] = []
        var squares: Float = 0
        for _ in 0..<dimensions {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            let value = Float(state >> 40) / Float(1 << 23) - 1
            values.append(value)
            squares += value * value
        }
        guard squares > 0 else { return values }
        let length = squares.squareRoot()
        return values.map { $0 / length }
    }

    /// The numbers as JSON.
    ///
    /// Parsing a `Float`'s shortest text keeps a 32-bit value from growing 64-bit digits.
    private static func numbers(_ vector: [Float]) -> JSONValue {
        .array(vector.map { .number(Double($0.description) ?? Double($0)) })
    }

    /// Little-endian 32-bit floats in standard base64 with padding.
    private static func base64(_ vector: [Float]) -> String {
        let bytes = vector.flatMap { value -> [UInt8] in
            let bits = value.bitPattern
            return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let digit = Int(bits >> UInt32(18 - 6 * position) & 63)
                text.append(position <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
