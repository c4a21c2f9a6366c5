import NIOCore
import TestSupport
import Testing

@testable import Transport

struct ChunkedDecoderTests {
    /// What a decoder makes of `bytes` when they come in `pieces`.
    private enum Outcome: Equatable {
        case whole(String, rest: String)
        case unfinished(String)
        case refused
    }

    private func decode(_ bytes: [UInt8], step: Int) -> Outcome {
        var decoder = ChunkedDecoder()
        var buffer = ByteBuffer()
        var content = ByteBuffer()
        var position = 0
        do {
            while true {
                switch try decoder.next(&buffer) {
                case .data(var piece): content.writeBuffer(&piece)
                case .end:
                    buffer.writeBytes(bytes[position...])
                    return .whole(String(buffer: content), rest: String(buffer: buffer))
                case .needsMore:
                    guard position < bytes.count else { return .unfinished(String(buffer: content)) }
                    let end = min(position + step, bytes.count)
                    buffer.writeBytes(bytes[position..<end])
                    position = end
                }
            }
        } catch {
            return .refused
        }
    }

    @Test(arguments: [
        ("0\r\n\r\n", ""), ("0\r\n\r\nrest", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a;x=y\r\n0123456789\r\n000\r\nT: u\r\n\r\n", "0123456789"), ("1\r\n\n\r\n2\r\n\r\n\r\n0\r\n\r\n", "\n\r\n"),
        ("000000000000001\r\nx\r\n0\r\n\r\n", "x"), ("1;\t\u{e9}\r\nx\r\n0\r\n\r\n", "x"),
    ])
    func decodesHoweverTheBytesArrive(_ text: String, _ content: String) {
        let bytes = Array(text.utf8)
        let rest = text.hasSuffix("rest") ? "rest" : ""
        for step in 1...max(bytes.count, 1) { #expect(self.decode(bytes, step: step) == .whole(content, rest: rest)) }
    }

    @Test(arguments: RequestCorpus.chunks)
    func refusesHoweverTheBytesArrive(_ refusal: Refusal) {
        let body = Array(refusal.text.utf8).split(separator: Array("\r\n\r\n".utf8), maxSplits: 1).last ?? []
        for step in [1, 2, 3, 1 << 20] { #expect(self.decode(Array(body), step: step) == .refused) }
    }

    @Test func randomContentInRandomChunksComesOutAsItWas() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<300 {
            let content = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0x20...0x7e, using: &random)
            }
            var encoded = ByteBuffer()
            var position = 0
            while position < content.count {
                let end = min(content.count, position + Int.random(in: 1...50, using: &random))
                encoded.writeString("\(String(end - position, radix: 16, uppercase: Bool.random(using: &random)))\r\n")
                encoded.writeBytes(content[position..<end])
                encoded.writeString("\r\n")
                position = end
            }
            encoded.writeString("0\r\n\r\n")
            let step = Int.random(in: 1...60, using: &random)
            let expected = String(decoding: content, as: UTF8.self)
            #expect(self.decode(Array(encoded.readableBytesView), step: step) == .whole(expected, rest: ""))
        }
    }

    @Test func noiseIsReadTheSameHoweverItArrives() {
        var random = SeededRandom(seed: 11)
        let alphabet = Array("0015aAfF;x \r\n\r\n\r\n\0T:".utf8)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            #expect(self.decode(bytes, step: 1) == self.decode(bytes, step: 64))
        }
    }

    @Test func trailersHaveALimit() {
        let line = "X: " + String(repeating: "a", count: 4000) + "\r\n"
        #expect(
            self.decode(Array(("0\r\n" + String(repeating: line, count: 16) + "\r\n").utf8), step: 1000)
                == .whole("", rest: "")
        )
        #expect(self.decode(Array(("0\r\n" + String(repeating: line, count: 17)).utf8), step: 1000) == .refused)
    }
}
