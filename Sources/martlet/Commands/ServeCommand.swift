internal import ArgumentParser
import WireFormats

/// `martlet serve`: the same as `martlet` without a command.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Starts the gateway: what martlet does without a command."
    )

    @OptionGroup var arguments: ServeArguments

    @Flag(
        name: [.customLong("generate_key"), .customLong("generate-key")],
        help: "Make a virtual key, print it and exit; short for 'martlet keys create'."
    )
    var generateKey = false

    @Option(name: [.customLong("user_id"), .customLong("user-id")], help: "Whose key --generate_key makes.")
    var userID: String?

    func validate() throws {
        if self.userID != nil, !self.generateKey { throw ValidationError("--user_id goes with --generate_key.") }
    }

    func run() throws {
        guard self.generateKey else { return try self.arguments.serve() }
        var options = ManagementOptions()
        options.config = self.arguments.config
        options.json = false
        let body = JSONObject(self.userID.map { [("user_id", .text($0))] } ?? [])
        try options.run("POST", "/key/generate", body) { Table.text($0["key"]) + "\n" }
    }
}
