import NIOCore
import Testing
import WireFormats

/// The members of a request's object, and what is refused because two readers could take it differently.
@Suite struct JSONMembersTests {
    private func members(_ text: String) throws -> [(String, String)] {
        let bytes = Array(text.utf8)
        var members = JSONMembers()
        try members.scan(bytes.span)
        return members.items.map {
            (String(decoding: bytes[$0.key], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self))
        }
    }

    @Test func findsKeysAndValuesWhereTheyStand() throws {
        let found = try self.members(" { \"a\" : 1 , \"\":[ ] ,\"日\":\"x\\\"}\"} ")
        #expect(found.map(\.0) == ["a", "", "日"])
        #expect(found.map(\.1) == ["1", "[ ]", "\"x\\\"}\""])
    }

    @Test func findsNothingInAnEmptyObject() throws {
        #expect(try self.members("{}").isEmpty)
        #expect(try self.members(" { \n} ").isEmpty)
    }

    @Test(arguments: ["[]", "1", "\"{}\"", "null", "", " "])
    func refusesWhatIsNoObject(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try self.members(text) }
    }

    @Test(arguments: [
        "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"\":1,\"\":2}", "{\"日\":1,\"日\":2}",
    ])
    func refusesAKeyThatStandsTwice(_ text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try self.members(text) }
        guard case .duplicateKey = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["{\"\\u0061\":1}", "{\"a\\/b\":1}", "{\"a\":1,\"\\u0061\":2}"])
    func refusesAKeySpelledWithEscapes(_ text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try self.members(text) }
        guard case .escapedKey = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func tellsKeysApartThatOnlyLookTheSame() throws {
        #expect(try self.members("{\"\u{e9}\":1,\"e\u{301}\":2}").count == 2)
    }

    @Test func leavesInnerObjectsAlone() throws {
        #expect(try self.members("{\"a\":{\"b\":1,\"b\":2,\"\\u0062\":3}}").count == 1)
    }

    @Test func holdsManyMembersButNotAnyNumber() throws {
        func object(_ count: Int) -> String { "{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(try self.members(object(1024)).count == 1024)
        #expect(throws: JSONSyntaxError.self) { try self.members(object(1025)) }
    }

    @Test func forgetsTheTextBefore() throws {
        var members = JSONMembers()
        let first = Array("{\"a\":1,\"b\":2}".utf8)
        let second = Array("{\"c\":3}".utf8)
        try members.scan(first.span)
        try members.scan(second.span)
        #expect(members.items.count == 1)
        #expect(members.value(of: "c", in: second.span) == 5..<6)
        #expect(members.value(of: "a", in: second.span) == nil)
    }
}

/// Single facts read out of text, broken text included.
@Suite struct JSONPeekTests {
    private func peek<Found>(_ text: String, _ read: (Span<UInt8>, Range<Int>) -> Found) -> Found {
        let bytes = Array(text.utf8)
        return read(bytes.span, 0..<bytes.count)
    }

    @Test func findsAMemberOfAnInnerObject() {
        let text = "{ \"a\" : {\"b\": [1, 2]}, \"c\": \"x\" }"
        let inner = self.peek(text) { bytes, all -> String? in
            guard let object = JSONPeek.member("a", of: all, in: bytes) else { return nil }
            guard let array = JSONPeek.member("b", of: object, in: bytes) else { return nil }
            guard let first = JSONPeek.firstElement(of: array, in: bytes) else { return nil }
            return JSONPeek.integer(first, in: bytes).map(String.init)
        }
        #expect(inner == "1")
        #expect(self.peek(text) { JSONPeek.string(JSONPeek.member("c", of: $1, in: $0), in: $0) } == "x")
        #expect(self.peek(text) { JSONPeek.member("d", of: $1, in: $0) } == nil)
    }

    @Test(arguments: ["", "{", "{}", "{\"a\"", "{\"a\":", "{\"a\":tru", "[", "[]", "\"", "1", "{\"b\":1"])
    func findsNothingInBrokenText(_ text: String) {
        #expect(self.peek(text) { JSONPeek.member("a", of: $1, in: $0) } == nil)
        #expect(self.peek(text) { JSONPeek.firstElement(of: $1, in: $0) } == nil)
        #expect(self.peek(text) { JSONPeek.string($1, in: $0) } == nil)
    }

    @Test(arguments: [
        ("0", 0), ("42", 42), ("999999999999999999", 999_999_999_999_999_999), ("1000000000000000000", nil),
        ("-1", nil),
        ("1.0", nil), ("1e2", nil), ("", nil), ("\"1\"", nil), ("null", nil),
    ])
    func readsWholeNumbers(_ text: String, _ value: Int?) {
        #expect(self.peek(text) { JSONPeek.integer($1, in: $0) } == value)
    }

    @Test func readsLiterals() {
        #expect(self.peek("true") { JSONPeek.isTrue($1, in: $0) })
        #expect(!self.peek("false") { JSONPeek.isTrue($1, in: $0) })
        #expect(!self.peek("\"true\"") { JSONPeek.isTrue($1, in: $0) })
        #expect(self.peek("null") { JSONPeek.isNull($1, in: $0) })
        #expect(!self.peek("0") { JSONPeek.isNull($1, in: $0) })
    }
}
