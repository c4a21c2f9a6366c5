internal import ArgumentParser

/// `martlet serve`: the same as `martlet` without a command.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Starts the gateway: what martlet does without a command."
    )

    @OptionGroup var arguments: ServeArguments

    func run() throws {
        try self.arguments.serve()
    }
}
