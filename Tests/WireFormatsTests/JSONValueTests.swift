import NIOCore
import TestSupport
import Testing
import WireFormats

/// The value that keeps spelling and order.
@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: ByteBuffer(string: text))
    }

    private func rewritten(_ text: String) throws -> String {
        String(buffer: try self.parse(text).serialized)
    }

    @Test(arguments: [
        "1.0", "1.50", "-0", "1e5", "1E+05", "0.1e-7", "9007199254740993", "123456789012345678901234567890.10",
        "1e99999",
    ])
    func keepsANumberAsItIsSpelled(_ number: String) throws {
        #expect(try self.rewritten(number) == number)
        #expect(try self.rewritten("{\"a\":[\(number)]}") == "{\"a\":[\(number)]}")
    }

    @Test func keepsTheOrderOfKeys() throws {
        let text = #"{"z":1,"a":{"y":2,"b":3},"":[{"m":4,"c":5}]}"#
        #expect(try self.rewritten(text) == text)
    }

    @Test func keepsAStringAsItIsEscaped() throws {
        let text = #"["\u0041\/é\ud83d","\ud83d\ude00"]"#
        #expect(try self.rewritten(text) == text)
    }

    @Test func countsTheLastOfEqualKeys() throws {
        #expect(try self.rewritten(#"{"a":1,"b":2,"a":3}"#) == #"{"a":3,"b":2}"#)
        #expect(try self.rewritten(#"{"a":1,"\u0061":2}"#) == #"{"a":2}"#)
    }

    @Test(arguments: [31, 32, 33, 64, 65, 500])
    func countsTheLastOfEqualKeysHoweverManyThereAre(_ count: Int) throws {
        let once = (0..<count).map { "\"k\($0)\":\($0)" }
        let again = (0..<count).map { "\"k\($0)\":\($0 + 1)" }
        let object = try #require(self.parse("{" + (once + again).joined(separator: ",") + "}").object)
        #expect(object.members.count == count)
        #expect(object.members.map(\.value.integer) == (0..<count).map { $0 + 1 })
    }

    @Test func tellsKeysApartThatOnlyLookTheSame() throws {
        let object = try #require(self.parse("{\"\u{e9}\":1,\"e\u{301}\":2}").object)
        #expect(object.members.count == 2)
        #expect(object["\u{e9}"]?.integer == 1)
        #expect(object["e\u{301}"]?.integer == 2)
        #expect(try self.parse("\"\u{e9}\"") != self.parse("\"e\u{301}\""))
        #expect(try self.parse("{\"\u{e9}\":1}") != self.parse("{\"e\u{301}\":1}"))
    }

    @Test func comparesStringsByTheirText() throws {
        #expect(try self.parse(#""A""#) == self.parse(#""\u0041""#))
        guard case .string(let escaped) = try self.parse(#""t\u0065xt""#) else {
            Issue.record("no string")
            return
        }
        #expect(escaped.isEqual(to: "text"))
        #expect(!escaped.isEqual(to: "test"))
        #expect(JSONString.text("text").isEqual(to: "text"))
        #expect(JSONString.escaped(ByteBuffer(string: "text")).isEqual(to: "text"))
    }

    @Test func editsAnObject() {
        var object = JSONObject([("a", 1), ("b", 2), ("c", 3)])
        object["b"] = "x"
        object["a"] = nil
        object["d"] = true
        object["e"] = nil
        #expect(String(buffer: JSONValue.object(object).serialized) == #"{"b":"x","c":3,"d":true}"#)
    }

    @Test func readsScalars() throws {
        let value = try self.parse(#"{"i":-5,"d":1.5,"s":"x\ny","t":true,"n":null,"a":[1]}"#)
        #expect(value["i"]?.integer == -5)
        #expect(value["d"]?.integer == nil)
        #expect(value["d"]?.double == 1.5)
        #expect(value["s"]?.string == "x\ny")
        #expect(value["t"]?.bool == true)
        #expect(value["n"]?.isNull == true)
        #expect(value["a"]?.array == [1])
        #expect(value["x"] == nil)
        #expect(try self.parse("99999999999999999999").integer == nil)
    }

    @Test(arguments: 0..<40)
    func survivesItsOwnText(_ seed: Int) throws {
        var generator = JSONGenerator(seed: UInt64(seed))
        for _ in 0..<30 {
            let text = generator.value(depth: 4)
            let value = try self.parse(text)
            let compact = value.serialized
            #expect(try JSONValue(parsing: compact) == value, "\(text)")
            #expect(try JSONValue(parsing: compact).serialized == compact, "\(text)")
        }
    }
}

/// Strings escaped and unescaped.
@Suite struct JSONTextTests {
    private func decode(_ inside: [UInt8]) -> String {
        JSONText.decode(inside.span, 0..<inside.count)
    }

    @Test(arguments: [
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u0041\u00e9\u65e5"#, "Aé日"), (#"\ud83d\ude00"#, "😀"),
        (#"\uD83D\uDE00x"#, "😀x"), (#"\ud83d"#, "\u{fffd}"), (#"\ud83dx"#, "\u{fffd}x"), (#"\ude00"#, "\u{fffd}"),
        (#"\ude00\ud83d"#, "\u{fffd}\u{fffd}"), (#"\ud83d\ud83d\ude00"#, "\u{fffd}😀"), (#"\u0000"#, "\0"),
        (#"\udbff\udfff"#, "\u{10ffff}"), (#"\ud83d\u0041"#, "\u{fffd}A"), ("", ""), ("é日😀", "é日😀"),
    ])
    func decodes(_ inside: String, _ text: String) {
        #expect(Array(self.decode(Array(inside.utf8)).utf8) == Array(text.utf8))
    }

    @Test func decodesAnyBytesToSomeText() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<3000 {
            let bytes = (0..<random.below(12)).map { _ in
                random.below(3) == 0
                    ? UInt8(ascii: "\\") : random.below(3) == 0 ? UInt8(ascii: "u") : UInt8(random.below(256))
            }
            let text = self.decode(bytes)
            #expect(bytes.isEmpty == text.isEmpty)
        }
        #expect(self.decode([0x61, 0xff, 0x62]) == "a\u{fffd}b")
        #expect(self.decode([0xc3, 0x5c, 0x6e]) == "\u{fffd}\n")
    }

    @Test func escapesOnlyWhatItMust() {
        var output = ByteBuffer()
        JSONText.writeString("a\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}é😀\u{2028}", into: &output)
        #expect(String(buffer: output) == #""a\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7f}é😀\u{2028}\"")
    }

    @Test(arguments: 0..<20)
    func comesBackUnchanged(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<100 {
            var text = ""
            for _ in 0..<random.below(30) {
                let limit = [0x80, 0x800, 0x11_0000][random.below(3)]
                if let scalar = UnicodeScalar(UInt32(random.below(limit))) { text.unicodeScalars.append(scalar) }
            }
            var output = ByteBuffer()
            JSONText.writeString(text, into: &output)
            #expect(Readers.scan(Array(output.readableBytesView)) == nil)
            let back = try #require(JSONValue(parsing: output).string)
            #expect(Array(back.utf8) == Array(text.utf8))
        }
    }
}
