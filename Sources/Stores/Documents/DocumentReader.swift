import Domain

/// Reads records from the JSON documents of the store, one after the other.
///
/// Foundation's decoder takes 25 microseconds for a virtual key, this one a few: a start with a hundred thousand keys
/// waits for them. It reads what `DocumentEncoder` writes: integers, no floating-point numbers, no dates, no data.
///
/// Not `Sendable`: its memory serves one document after the other.
struct DocumentReader {
    private let tape = DocumentTape()

    /// - Throws: `corrupt` when the text is no JSON, or not of that record.
    func read<Value: Decodable>(_ type: Value.Type, _ text: UnsafeRawBufferPointer) throws(StoreError) -> Value {
        guard self.tape.load(text) else { throw StoreError(.corrupt, "a stored document is no JSON") }
        do {
            return try Value(from: DocumentDecoder(tape: self.tape, index: 0))
        } catch {
            throw StoreError(.corrupt, "a stored document is not of its kind (\(Value.self))")
        }
    }

    func readKey(_ text: UnsafeRawBufferPointer) throws(StoreError) -> VirtualKey {
        guard self.tape.load(text) else { throw StoreError(.corrupt, "a stored document is no JSON") }
        if let key = VirtualKey(self.tape) { return key }
        return try self.read(VirtualKey.self, text)
    }

    func read<Value: Decodable>(
        _ type: Value.Type,
        _ row: any SQLRow,
        _ column: Int
    ) throws(StoreError) -> Value {
        try row.withBytes(column) { (bytes: UnsafeRawBufferPointer) throws(StoreError) in
            try self.read(type, bytes)
        }
    }
}
