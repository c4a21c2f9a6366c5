/// One value on a tape, as `Decodable` types read it.
///
/// Paths are not kept: an error says only that the document does not fit.
struct DocumentDecoder: Decoder, SingleValueDecodingContainer {
    let tape: DocumentTape
    let index: Int32

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private var node: DocumentTape.Node { self.tape.nodes[Int(self.index)] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard self.node.kind == .object else { throw DocumentMismatch() }
        return KeyedDecodingContainer(DocumentObject(tape: self.tape, node: self.node, first: self.index + 1))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard self.node.kind == .array else { throw DocumentMismatch() }
        return DocumentArray(tape: self.tape, length: Int(self.node.count), next: self.index + 1)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { self.node.kind == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        switch self.node.kind {
        case .yes: return true
        case .no: return false
        default: throw DocumentMismatch()
        }
    }

    func decode(_ type: String.Type) throws -> String {
        let node = self.node
        guard node.kind == .string else { throw DocumentMismatch() }
        return self.tape.text(node)
    }

    func decode(_ type: Double.Type) throws -> Double {
        let node = self.node
        guard node.kind == .number else { throw DocumentMismatch() }
        let text = self.tape.text(node)
        guard let value = Double(text) else { throw DocumentMismatch() }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try self.decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try self.integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try self.integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try self.integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try self.integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try self.integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try self.integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try self.integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try self.integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try self.integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try self.integer() }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: self)
    }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        let node = self.node
        guard node.kind == .number, let number = self.tape.integer(node), let value = Value(exactly: number)
        else { throw DocumentMismatch() }
        return value
    }
}

/// The document is of another shape than its type.
struct DocumentMismatch: Error {}
