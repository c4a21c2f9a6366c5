internal import ArgumentParser
internal import NIOCore
internal import NIOPosix

/// The command line of `martlet-mock`.
@main
struct MockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-mock",
        abstract: "A server that answers like OpenAI and Anthropic, and misbehaves on request."
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port = 9000

    @Option(help: "How many event loops serve the connections.")
    var threads = 1

    @Flag(help: "Keep the bodies of the last requests for GET /_mock/requests.")
    var record = false

    @Flag(help: "Write a line to standard error for each request.")
    var verbose = false

    func run() throws {
        do {
            let server = MockServer(
                state: MockState(recordsBodies: self.record),
                threads: self.threads,
                verbose: self.verbose
            )
            try server.serve(host: self.host, port: self.port)
        } catch let error as IOError {
            StandardStream.error.write("martlet-mock: cannot listen on \(self.host):\(self.port): \(error.reason)\n")
            throw ExitCode.failure
        }
    }

    func validate() throws {
        guard (0...65535).contains(self.port) else { throw ValidationError("--port must be 0 to 65535") }
        guard (1...1024).contains(self.threads) else { throw ValidationError("--threads must be 1 to 1024") }
    }
}
