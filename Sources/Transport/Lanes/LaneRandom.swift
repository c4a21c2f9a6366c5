/// Random numbers for ids and shuffles, where nobody must be kept from guessing: xoshiro256**, seeded by the system.
///
/// The system's own generator is a call into the kernel for every number, 4 % of a request's CPU.
/// Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators".
package struct LaneRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init() {
        var system = SystemRandomNumberGenerator()
        // The one seed that does not work is all zeroes.
        self.state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    package mutating func next() -> UInt64 {
        let result = Self.rotated(self.state.1 &* 5, by: 7) &* 9
        let shifted = self.state.1 << 17
        self.state.2 ^= self.state.0
        self.state.3 ^= self.state.1
        self.state.1 ^= self.state.2
        self.state.0 ^= self.state.3
        self.state.2 ^= shifted
        self.state.3 = Self.rotated(self.state.3, by: 45)
        return result
    }

    private static func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }
}
