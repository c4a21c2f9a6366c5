/// One of the 16384 parts of a cluster's keys.
///
/// Source: "Redis cluster specification", sections "Key distribution model" and "Hash tags", redis.io.
package struct HashSlot: Sendable, Hashable {
    package static let count = 16384

    package let number: UInt16

    /// - Parameter number: taken modulo 16384.
    package init(number: UInt16) {
        self.number = number % UInt16(Self.count)
    }

    /// The slot of `key`: of what stands between its first `{` and the next `}`, if that is not empty.
    package init(key: String) {
        var key = key
        self.number = key.withUTF8 { bytes in
            var part = bytes[...]
            if let open = bytes.firstIndex(of: UInt8(ascii: "{")) {
                let after = bytes[(open + 1)...]
                if let close = after.firstIndex(of: UInt8(ascii: "}")), close > open + 1 {
                    part = bytes[(open + 1)..<close]
                }
            }
            return Self.checksum(part) % UInt16(Self.count)
        }
    }

    /// CRC-16/XMODEM: polynomial 0x1021, starting from 0.
    private static func checksum(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes { crc = (crc << 8) ^ Self.table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
        return crc
    }

    private static let table: [UInt16] = (0..<256).map { index in
        var crc = UInt16(index) << 8
        for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : (crc << 1) ^ 0x1021 }
        return crc
    }
}
