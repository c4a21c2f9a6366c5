internal import Logging

/// Log levels as LiteLLM and others spell them.
enum LogLevelName {
    static let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")

    static func level(_ name: String) -> Logger.Level? {
        switch name.lowercased() {
        case "warn": .warning
        case "fatal": .critical
        case let name: Logger.Level(rawValue: name)
        }
    }
}
