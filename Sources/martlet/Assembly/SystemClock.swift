import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine's wall clock.
struct SystemClock: WallClock {
    var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Names that no other process has had and nobody can guess.
enum RandomName {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() as UInt64
        let low = generator.next() as UInt64
        return String(high, radix: 16) + String(low, radix: 16)
    }
}
