/// A one-dimensional array as the server's binary format has it, built element by element.
///
/// Source: PostgreSQL's `array_recv` (src/backend/utils/adt/arrayfuncs.c): number of dimensions, whether there are
/// nulls, the elements' type, the dimension's length and lower bound, then each element's length and bytes.
package struct PostgresArray: Sendable, Equatable {
    package enum Element: UInt32, Sendable {
        /// `BIGINT`.
        case integer = 20
        /// `TEXT`.
        case text = 25
        /// `BYTEA`.
        case bytes = 17
    }

    package let element: Element
    package private(set) var count = 0
    private var hasNulls = false
    private var elements: [UInt8] = []

    package init(of element: Element, count: Int = 0) {
        self.element = element
        self.elements.reserveCapacity(count * (element == .integer ? 12 : 24))
    }

    package mutating func appendNull() {
        self.hasNulls = true
        self.append(UInt32(bitPattern: -1))
        self.count += 1
    }

    /// For an array of integers.
    package mutating func append(_ value: Int64) {
        self.append(8 as UInt32)
        self.append(UInt64(bitPattern: value))
        self.count += 1
    }

    /// For an array of texts.
    package mutating func append(_ value: String) {
        var value = value
        value.withUTF8 { self.append(element: UnsafeRawBufferPointer($0)) }
    }

    /// For an array of bytes.
    package mutating func append(_ value: [UInt8]) {
        value.withUnsafeBytes { self.append(element: $0) }
    }

    /// How long the whole is in bytes.
    var encodedCount: Int { (self.count == 0 ? 12 : 20) + self.elements.count }

    func encode(into buffer: inout [UInt8]) {
        var header = PostgresArray(of: self.element)
        header.append((self.count == 0 ? 0 : 1) as UInt32)
        header.append((self.hasNulls ? 1 : 0) as UInt32)
        header.append(self.element.rawValue)
        if self.count > 0 {
            header.append(UInt32(clamping: self.count))
            header.append(1 as UInt32)
        }
        buffer.append(contentsOf: header.elements)
        buffer.append(contentsOf: self.elements)
    }

    private mutating func append(element bytes: UnsafeRawBufferPointer) {
        self.append(UInt32(clamping: bytes.count))
        self.elements.append(contentsOf: bytes)
        self.count += 1
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { self.elements.append(contentsOf: $0) }
    }
}
