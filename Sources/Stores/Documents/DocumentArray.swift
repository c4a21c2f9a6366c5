/// A JSON array on a tape, read from its beginning to its end.
struct DocumentArray: UnkeyedDecodingContainer {
    let tape: DocumentTape
    let length: Int
    /// The index of the next element's node.
    var next: Int32
    private(set) var currentIndex = 0

    init(tape: DocumentTape, length: Int, next: Int32) {
        self.tape = tape
        self.length = length
        self.next = next
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { self.length }
    var isAtEnd: Bool { self.currentIndex >= self.length }

    mutating func decodeNil() throws -> Bool {
        guard !self.isAtEnd, self.tape.nodes[Int(self.next)].kind == .null else { return false }
        _ = try self.element()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try self.element().decode(type) }
    mutating func decode(_ type: String.Type) throws -> String { try self.element().decode(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try self.element().decode(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try self.element().decode(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try self.element().decode(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try self.element().decode(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try self.element().decode(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try self.element().decode(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try self.element().decode(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try self.element().decode(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try self.element().decode(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try self.element().decode(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try self.element().decode(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try self.element().decode(type) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: self.element())
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.element().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.element().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try self.element() }

    private mutating func element() throws -> DocumentDecoder {
        guard !self.isAtEnd else { throw DocumentMismatch() }
        let element = DocumentDecoder(tape: self.tape, index: self.next)
        self.next = self.tape.nodes[Int(self.next)].next
        self.currentIndex += 1
        return element
    }
}
