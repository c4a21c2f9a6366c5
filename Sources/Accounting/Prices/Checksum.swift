/// A short fingerprint of a text: tells two price lists apart, and withstands nobody.
enum Checksum {
    /// FNV-1a, 64 bits.
    static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x0100_0000_01b3 }
        return hash
    }
}
