internal import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Log lines for people, on standard error: time (UTC), level, message, then what belongs to it.
struct ConsoleLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "\(Self.time()) \(Self.name(event.level)) \(event.message)"
        let all = self.metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(Self.quoted("\(value)"))" }
        StandardStreams.log(line + "\n")
    }

    /// One word a level, all of one width, so that messages stand below each other.
    private static func name(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }

    private static func quoted(_ value: String) -> String {
        // Control characters of a value must not reach the terminal, nor start a line of their own.
        let clean = String(String.UnicodeScalarView(value.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        return clean.contains(" ") || clean.isEmpty ? "\"\(clean)\"" : clean
    }

    private static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        var seconds = now.tv_sec
        gmtime_r(&seconds, &parts)
        let milliseconds = now.tv_nsec / 1_000_000
        let date = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { self.two(Int($0)) }
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { self.two(Int($0)) }
        let fraction =
            milliseconds < 10 ? "00\(milliseconds)" : milliseconds < 100 ? "0\(milliseconds)" : "\(milliseconds)"
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":")).\(fraction)Z"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
