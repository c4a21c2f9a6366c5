internal import Logging

/// What the command line says of `serve`.
struct ServeOptions {
    var configPath: String?
    var host: String?
    var port: Int?
    var threads: Int?
    var logLevel: Logger.Level?
    var requestTimeout: Duration?
    var dropsParameters: Bool
}

/// Why the gateway did not start: one line for a person.
struct StartFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
