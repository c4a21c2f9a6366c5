internal import ArgumentParser
internal import Logging

/// What `serve` can be told on the command line.
struct ServeArguments: ParsableArguments {
    @Option(name: [.short, .long], help: "The configuration file (YAML); else CONFIG_FILE_PATH names it.")
    var config: String?

    @Option(help: "The port to listen on (default 4000).")
    var port: Int?

    @Option(help: "The address to listen on (default 0.0.0.0 with a master key, else 127.0.0.1).")
    var host: String?

    @Option(
        name: [.long, .customLong("num_workers"), .customLong("num-workers")],
        help: "Threads, each with connections of its own (default: one a core)."
    )
    var threads: Int?

    @Option(
        name: [.long, .customLong("log_level")],
        help: "What is logged: trace, debug, info, notice, warning, error or critical (default info)."
    )
    var logLevel: String?

    @Flag(help: "Short for --log-level debug.")
    var debug = false

    @Flag(name: [.long, .customLong("detailed_debug")], help: "Short for --log-level trace.")
    var detailedDebug = false

    @Option(
        name: [.long, .customLong("request_timeout")],
        help: "How long a request may take, in seconds, where the configuration does not say."
    )
    var requestTimeout: Double?

    @Flag(name: [.long, .customLong("drop_params")], help: "Leave out parameters that a provider does not know.")
    var dropParams = false

    func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port takes a number from 0 to 65535.") }
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 256.")
        }
        if let requestTimeout, requestTimeout <= 0 || requestTimeout > 1_000_000 {
            throw ValidationError("--request-timeout takes seconds, more than 0.")
        }
        if let logLevel, LogLevelName.level(logLevel) == nil {
            throw ValidationError("--log-level takes one of \(LogLevelName.all).")
        }
    }

    /// Starts the gateway and runs it until it is told to stop.
    func serve() throws {
        let options = ServeOptions(
            configPath: self.config,
            host: self.host,
            port: self.port,
            threads: self.threads,
            logLevel: self.detailedDebug ? .trace : self.debug ? .debug : self.logLevel.flatMap(LogLevelName.level),
            requestTimeout: self.requestTimeout.map { .seconds($0) },
            dropsParameters: self.dropParams
        )
        do {
            try Application.run(options)
        } catch let failure as StartFailure {
            StandardStreams.complain(failure.description)
            throw ExitCode(1)
        }
    }
}
