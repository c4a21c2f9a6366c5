/// The parameters of one statement in the form that libpq wants them.
///
/// Integers and texts are sent as text, since then the server may infer any type for them (a number for a text column is
/// an error in binary); bytes and arrays are binary.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    /// Where each value begins; -1 for null.
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// More than this is not kept for the next statement.
    private static let keptCapacity = 1 << 20

    /// The most a statement takes; the protocol counts them in 16 bits.
    static let limit = 65535

    mutating func fill(_ values: [PostgresValue]) throws(PostgresError) {
        guard values.count <= Self.limit else {
            throw PostgresError(.other, "a statement takes at most \(Self.limit) parameters, not \(values.count)")
        }
        if self.bytes.capacity > Self.keptCapacity {
            self.bytes = []
        } else {
            self.bytes.removeAll(keepingCapacity: true)
        }
        self.offsets.removeAll(keepingCapacity: true)
        self.lengths.removeAll(keepingCapacity: true)
        self.formats.removeAll(keepingCapacity: true)
        for value in values { try self.append(value) }
    }

    /// Calls `body` with what `PQsendQueryPrepared` takes: number, values, lengths, formats.
    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        self.bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = self.offsets.map { offset in offset < 0 ? nil : start.map { UnsafePointer($0 + offset) } }
            return values.withUnsafeBufferPointer { values in
                self.lengths.withUnsafeBufferPointer { lengths in
                    self.formats.withUnsafeBufferPointer { formats in
                        body(Int32(values.count), values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }

    private mutating func append(_ value: PostgresValue) throws(PostgresError) {
        let start = self.bytes.count
        var isBinary = false
        switch value {
        case .null:
            break
        case .integer(let number):
            self.bytes.append(contentsOf: String(number).utf8)
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw PostgresError(.unstorableText, "a text contains U+0000, which PostgreSQL cannot hold")
            }
            self.bytes.append(contentsOf: text.utf8)
        case .bytes(let value):
            isBinary = true
            self.bytes.append(contentsOf: value)
        case .array(let array):
            isBinary = true
            self.bytes.reserveCapacity(start + array.encodedCount + 1)
            array.encode(into: &self.bytes)
        }
        // libpq counts lengths in 32 bits, and so does the protocol.
        guard let length = Int32(exactly: self.bytes.count - start) else {
            throw PostgresError(.other, "a parameter is longer than 2 GiB")
        }
        self.offsets.append(value == .null ? -1 : start)
        self.lengths.append(length)
        self.formats.append(isBinary ? 1 : 0)
        // Ends a text for libpq, and keeps an empty value's pointer inside the buffer.
        self.bytes.append(0)
    }
}
