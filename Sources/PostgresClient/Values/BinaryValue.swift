/// Reads values of the server's binary format.
///
/// Source: the `send` functions of the types in PostgreSQL's src/backend/utils/adt.
enum BinaryValue {
    /// Numbers of types, from PostgreSQL's pg_type.dat.
    private enum TypeNumber {
        static let bool: UInt32 = 16
        static let int8: UInt32 = 20
        static let int2: UInt32 = 21
        static let int4: UInt32 = 23
        static let oid: UInt32 = 26
        static let float4: UInt32 = 700
        static let float8: UInt32 = 701
        static let numeric: UInt32 = 1700
        static let jsonb: UInt32 = 3802
    }

    static func integer(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> Int64 {
        switch type {
        case TypeNumber.int8: self.number(bytes, Int64.self)
        case TypeNumber.int4: Int64(self.number(bytes, Int32.self))
        case TypeNumber.int2: Int64(self.number(bytes, Int16.self))
        case TypeNumber.bool: bytes.first == 0 ? 0 : 1
        case TypeNumber.oid: Int64(self.number(bytes, UInt32.self))
        case TypeNumber.float8: self.whole(Double(bitPattern: self.number(bytes, UInt64.self)))
        case TypeNumber.float4: self.whole(Double(Float(bitPattern: self.number(bytes, UInt32.self))))
        case TypeNumber.numeric: self.numeric(bytes)
        default: Int64(String(decoding: bytes, as: UTF8.self)) ?? 0
        }
    }

    static func text(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> String {
        switch type {
        case TypeNumber.int8, TypeNumber.int4, TypeNumber.int2, TypeNumber.oid, TypeNumber.numeric, TypeNumber.bool:
            String(self.integer(bytes, type: type))
        // A version, which is 1, precedes the text.
        case TypeNumber.jsonb: String(decoding: bytes.dropFirst(), as: UTF8.self)
        default: String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func number<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Number.Type) -> Number {
        guard bytes.count == MemoryLayout<Number>.size else { return 0 }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }

    private static func whole(_ number: Double) -> Int64 {
        if let exact = Int64(exactly: number.rounded(.towardZero)) { return exact }
        return number > 0 ? .max : number < 0 ? .min : 0
    }

    /// Sums of `BIGINT` are numeric: number of digits, weight of the first, sign and scale in 16 bits each, then digits
    /// of base 10,000.
    private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        func half(_ index: Int) -> UInt16 {
            guard bytes.count >= index * 2 + 2 else { return 0 }
            return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
        let digits = Int(half(0))
        let weight = Int(Int16(bitPattern: half(1)))
        let isNegative = half(2) == 0x4000
        guard weight >= 0 else { return 0 }
        var value: Int64 = 0
        for place in 0...weight {
            let digit = place < digits ? Int64(half(4 + place)) : 0
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, alsoTooLarge) = product.subtractingReportingOverflow(digit)
            if tooLarge || alsoTooLarge { return isNegative ? .min : .max }
            value = sum
        }
        // Summed up below zero, where there is room for one more.
        return isNegative ? value : value == .min ? .max : -value
    }
}
