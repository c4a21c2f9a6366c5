import Domain
internal import Logging
import Transport

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

    /// `2026-11-22T21:42:37.449Z`.
    private static func time() -> String {
        let text = SystemClock().now.description
        return text.hasSuffix("000Z") ? String(text.dropLast(4)) + "Z" : text
    }
}
