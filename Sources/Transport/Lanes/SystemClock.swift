package import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine's wall clock.
package struct SystemClock: WallClock {
    package init() {}

    package var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
