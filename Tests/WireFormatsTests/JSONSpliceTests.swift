import NIOCore
import Testing
import WireFormats

/// Edits that change what they name and no byte besides.
@Suite struct JSONSpliceTests {
    private func removing(_ gone: [Int], from text: String) throws -> String {
        let original = ByteBuffer(string: text)
        var members = JSONMembers()
        try members.scan(original.readableBytesUInt8Span)
        var splice = JSONSplice()
        splice.remove(gone, of: members.items, in: original.readableBytesUInt8Span)
        var output = ByteBuffer()
        splice.apply(to: original, into: &output)
        return String(buffer: output)
    }

    @Test(arguments: [
        ([], "{ \"a\":1 , \"b\":2, \"c\":3 }"),
        ([0], "{ \"b\":2, \"c\":3 }"), ([1], "{ \"a\":1 , \"c\":3 }"), ([2], "{ \"a\":1 , \"b\":2 }"),
        ([0, 1], "{ \"c\":3 }"), ([1, 2], "{ \"a\":1 }"), ([0, 2], "{ \"b\":2 }"), ([0, 1, 2], "{  }"),
        ([2, 1], "{ \"a\":1 }"), ([2, 0], "{ \"b\":2 }"), ([1, 1], "{ \"a\":1 , \"c\":3 }"), ([2, 1, 0], "{  }"),
    ])
    func removesMembersWithTheirCommas(_ gone: [Int], _ left: String) throws {
        #expect(try self.removing(gone, from: "{ \"a\":1 , \"b\":2, \"c\":3 }") == left)
    }

    @Test func changesNothingWithoutEdits() {
        let text = " {\"a\" : 1.50e+1}\n"
        var output = ByteBuffer(string: "before ")
        JSONSplice().apply(to: ByteBuffer(string: text), into: &output)
        #expect(String(buffer: output) == "before " + text)
        #expect(JSONSplice().isEmpty)
    }

    @Test func insertsAndReplacesInAnyOrder() {
        var splice = JSONSplice()
        splice.replace(5..<6, with: ByteBuffer(string: "\"long value\""))
        splice.replace(1..<1, with: ByteBuffer(string: "\"z\":0,"))
        var output = ByteBuffer()
        splice.apply(to: ByteBuffer(string: "{\"a\":1}"), into: &output)
        #expect(String(buffer: output) == "{\"z\":0,\"a\":\"long value\"}")
    }

    @Test func countsFromTheReadersPosition() {
        var original = ByteBuffer(string: "skipped{\"a\":1}")
        original.moveReaderIndex(forwardBy: 7)
        var splice = JSONSplice()
        splice.replace(5..<6, with: ByteBuffer(string: "2"))
        var output = ByteBuffer()
        splice.apply(to: original, into: &output)
        #expect(String(buffer: output) == "{\"a\":2}")
    }

    /// Removes and replaces members of random objects, and puts the expected text together from the pieces.
    @Test(arguments: 0..<60)
    func leavesEveryOtherByteAlone(_ seed: Int) throws {
        var generator = JSONGenerator(seed: UInt64(seed))
        for _ in 0..<20 {
            let text = generator.text(of: generator.members(depth: 3, atMost: 8))
            let original = ByteBuffer(string: text)
            let bytes = Array(text.utf8)
            var members = JSONMembers()
            try members.scan(original.readableBytesUInt8Span)
            var fates: [Fate] = []
            for _ in members.items { fates.append(Fate(rawValue: generator.random.below(3)) ?? .kept) }
            let result = self.apply(fates, to: members.items, of: original)
            var after = JSONMembers()
            try after.scan(result.readableBytesUInt8Span)
            let resultBytes = Array(result.readableBytesView)
            let found = after.items.map { Pair(resultBytes[$0.key], resultBytes[$0.value]) }
            let expected = zip(members.items, fates).compactMap { member, fate -> Pair? in
                switch fate {
                case .kept: Pair(bytes[member.key], bytes[member.value])
                case .replaced: Pair(bytes[member.key], Array("\"new\"".utf8)[...])
                case .removed: nil
                }
            }
            #expect(found == expected, "\(text)")
            if !fates.contains(.removed) {
                #expect(self.rest(of: result, after.items) == self.rest(of: original, members.items))
            }
        }
    }

    private enum Fate: Int {
        case kept
        case replaced
        case removed
    }

    private struct Pair: Equatable {
        var key: [UInt8]
        var value: [UInt8]

        init(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
            self.key = Array(key)
            self.value = Array(value)
        }
    }

    private func apply(_ fates: [Fate], to members: [JSONMember], of original: ByteBuffer) -> ByteBuffer {
        var splice = JSONSplice()
        for (member, fate) in zip(members, fates) where fate == .replaced {
            splice.replace(member.value, with: ByteBuffer(string: "\"new\""))
        }
        let gone = fates.indices.filter { fates[$0] == .removed }
        splice.remove(gone, of: members, in: original.readableBytesUInt8Span)
        var output = ByteBuffer()
        splice.apply(to: original, into: &output)
        return output
    }

    /// The bytes between the values: white space, keys, colons and commas.
    private func rest(of text: ByteBuffer, _ members: [JSONMember]) -> [UInt8] {
        let bytes = Array(text.readableBytesView)
        var rest: [UInt8] = []
        var position = 0
        for member in members {
            rest += bytes[position..<member.value.lowerBound]
            position = member.value.upperBound
        }
        return rest + bytes[position...]
    }
}
