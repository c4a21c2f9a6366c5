/// A JSON object on a tape.
///
/// Of members with the same name the first counts.
struct DocumentObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let tape: DocumentTape
    let node: DocumentTape.Node
    /// The index of the first member's name.
    let first: Int32

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        var keys: [Key] = []
        var index = self.first
        for _ in 0..<self.node.count {
            if let key = Key(stringValue: self.tape.text(self.tape.nodes[Int(index)])) { keys.append(key) }
            index = self.tape.nodes[Int(index) + 1].next
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { self.find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try self.member(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try self.member(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try self.member(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try self.member(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try self.member(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try self.member(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try self.member(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try self.member(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try self.member(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try self.member(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try self.member(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try self.member(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try self.member(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try self.member(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try self.member(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: self.member(key))
    }

    // What is absent costs one look-up with these; the defaults make three.

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try self.memberIfAny(key)?.decode(type)
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try self.memberIfAny(key)?.decode(type)
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try self.memberIfAny(key)?.decode(type)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try self.memberIfAny(key).map { try Value(from: $0) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try self.member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { throw DocumentMismatch() }
    func superDecoder(forKey key: Key) throws -> any Decoder { try self.member(key) }

    private func member(_ key: Key) throws -> DocumentDecoder {
        guard let index = self.find(key) else { throw DocumentMismatch() }
        return DocumentDecoder(tape: self.tape, index: index)
    }

    private func memberIfAny(_ key: Key) -> DocumentDecoder? {
        guard let index = self.find(key), self.tape.nodes[Int(index)].kind != .null else { return nil }
        return DocumentDecoder(tape: self.tape, index: index)
    }

    /// The index of the member's value.
    private func find(_ key: Key) -> Int32? {
        let name = key.stringValue
        var index = self.first
        for _ in 0..<self.node.count {
            if self.tape.matches(self.tape.nodes[Int(index)], name) { return index + 1 }
            index = self.tape.nodes[Int(index) + 1].next
        }
        return nil
    }
}
