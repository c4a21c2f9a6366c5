import Foundation
import NIOCore
import Testing
import WireFormats

/// Which texts are JSON (RFC 8259), for the scanner and for the parser, which must agree.
@Suite struct JSONGrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "-1", "10", "0.5", "-0.0", "1e5", "1E+5", "1e-05", "0e0", "1.25e10",
        "123456789012345678901234567890", "1e99999", "\"\"", "\"a\"", "\"12345678\"", "\"1234567\\\"\"", "\"\\u0000\"",
        #""\"\\\/\b\f\n\r\t\uAbCd""#, #""\ud800""#, #""\udc00\ud800""#, #""\ud83d\ude00""#, "\"é日😀\u{7f}\u{2028}\"",
        "[]", "[ ]", "[1]", "[1 , 2]", "[[],[[]]]", "{}", "{ }", "{\"\":0}", "{\"a\":{\"a\":[]}}", " \t\r\n1 \t\r\n",
        "{\"a\" : 1 , \"b\" : 2}", "[null,true,false]",
    ])
    func takesWhatIsJSON(_ text: String) {
        #expect(Readers.scan(Array(text.utf8)) == nil)
        #expect(Readers.parse(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "truefalse", "NaN", "Infinity", "-Infinity", "undefined", "+1", "01", "-01",
        "00", "1.", ".5", "-.5", "-", "--1", "1e", "1e+", "1E-", "1.e5", "1.2.3", "0x10", "1_000", "1,", "1 2", "'a'",
        "\"", "\"a", "\"\\\"", "\"\\", "\"\\u", "\"\\u12", "\"\\u123\"", "\"\\u12g4\"", "\"\\x41\"", "\"\\a\"",
        "\"\\u{41}\"", "\"\n\"", "\"\t\"", "\"\0\"", "\"1234567\u{1f}\"", "\"a\" \"b\"", "[", "]", "[1", "[1,", "[1,]",
        "[,1]", "[,]", "[1 2]", "[1;2]", "[1}", "[true,]", "{", "}", "{1:2}", "{a:1}", "{'a':1}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\"=1}", "{\"a\"::1}", "{\"a\":1,,\"b\":2}",
        "// c\n1", "1 // c", "/* c */ 1", "[1 /* c */]", "# c\n1", "\u{feff}1", "1\u{feff}", "\u{a0}1", "\u{b}1",
        "\u{c}1", "1\0", "\0", "{}{}", "[][]", "fals", "t", "n", "f", "[f]", "[tru]", "\"a\\\n\"",
    ])
    func refusesWhatIsNot(_ text: String) {
        #expect(Readers.scan(Array(text.utf8)) != nil)
        #expect(Readers.parse(Array(text.utf8)) != nil)
        #expect(Readers.members(Array(text.utf8)) != nil)
        #expect(Readers.members(Array("{\"key\":\(text)}".utf8)) != nil)
    }

    @Test(arguments: [
        (0, "{\"a\":1,}", JSONSyntaxError(.unexpectedByte(0x7d), at: 7)),
        (1, "[1", JSONSyntaxError(.unexpectedEnd, at: 2)),
        (2, "\"ab\u{1}\"", JSONSyntaxError(.controlCharacterInString, at: 3)),
        (3, "\"\\q\"", JSONSyntaxError(.badEscape, at: 1)),
        (4, "1 1", JSONSyntaxError(.trailingBytes, at: 2)),
        (5, "[1.]", JSONSyntaxError(.badNumber, at: 3)),
        (6, "[nul]", JSONSyntaxError(.badLiteral, at: 1)),
    ])
    func saysWhereTheFaultIs(_ number: Int, _ text: String, _ error: JSONSyntaxError) {
        #expect(Readers.scan(Array(text.utf8)) == error)
        #expect(Readers.parse(Array(text.utf8)) == error)
    }

    @Test(arguments: [("[", "]", ""), ("{\"a\":", "}", "1"), ("[{\"a\":", "}]", "0")])
    func nestsToTheLimitAndNoFurther(_ open: String, _ close: String, _ core: String) {
        let levels = 512 / (open.hasPrefix("[{") ? 2 : 1)
        let deepest = String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
        let tooDeep = "[\(deepest)]"
        #expect(Readers.scan(Array(deepest.utf8)) == nil)
        #expect(Readers.parse(Array(deepest.utf8)) == nil)
        #expect(Readers.scan(Array(tooDeep.utf8))?.reason == .tooDeep(limit: 512))
        #expect(Readers.parse(Array(tooDeep.utf8))?.reason == .tooDeep(limit: 512))
        #expect(Readers.members(Array("{\"a\":\(deepest)}".utf8))?.reason == .tooDeep(limit: 512))
    }

    @Test func endsQuietlyOnADeepTextThatIsNeverClosed() {
        #expect(Readers.scan([UInt8](repeating: 0x5b, count: 1_000_000))?.reason == .tooDeep(limit: 512))
        #expect(Readers.parse([UInt8](repeating: 0x5b, count: 1_000_000))?.reason == .tooDeep(limit: 512))
    }

    @Test func findsAStringsEndAtEveryAlignment() {
        for length in 0..<40 {
            for stop in ["\"", "\\\"x\"", "é\"", "\u{7f}\u{80}\""] {
                let text = "\"" + String(repeating: "a", count: length) + stop
                #expect(Readers.scan(Array(text.utf8)) == nil)
                #expect(Readers.scan(Array(text.utf8.dropLast())) != nil)
                #expect(Readers.scan(Array((text.dropLast() + "\u{1}\"").utf8))?.reason == .controlCharacterInString)
            }
        }
    }

    @Test(arguments: 0..<40)
    func scannerAndParserAgreeOnMutations(_ seed: Int) {
        var generator = JSONGenerator(seed: UInt64(seed))
        for _ in 0..<50 {
            let text = generator.value(depth: 4)
            #expect(Readers.scan(Array(text.utf8)) == nil, "\(text)")
            for _ in 0..<8 {
                let bytes = generator.mutation(of: text)
                #expect(Readers.scan(bytes) == Readers.parse(bytes), "\(String(decoding: bytes, as: UTF8.self))")
                if Readers.members(bytes) == nil { #expect(Readers.scan(bytes) == nil) }
            }
        }
    }

    /// Only well-formed UTF-8 is asked about: what is inside of strings is not ours to judge (see ``JSONText``).
    ///
    /// Foundation takes more than the grammar in one place, a byte order mark, and less in two: it refuses lone
    /// surrogates, and numbers that no `Double` holds.
    @Test(arguments: 0..<20)
    func agreesWithFoundation(_ seed: Int) {
        var generator = JSONGenerator(seed: UInt64(1000 + seed))
        for _ in 0..<60 {
            let bytes = generator.mutation(of: generator.value(depth: 3))
            let text = String(decoding: bytes, as: UTF8.self)
            guard Array(text.utf8) == bytes, !text.lowercased().contains("\\ud"), !text.contains("\u{feff}") else {
                continue
            }
            let taken = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            let isHuge = text.contains(/[eE][+]?[0-9]{3,}/)
            #expect((Readers.scan(bytes) == nil) == taken || isHuge, "\(text)")
        }
    }
}
