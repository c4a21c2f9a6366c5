internal import ArgumentParser
import Gateway

/// `martlet`: the gateway's command line.
///
/// `serve` is what it does unless told otherwise.
@main
struct MartletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "One OpenAI-compatible address in front of all language models.",
        discussion: """
            martlet --config config.yaml --port 8000
            martlet check config.yaml

            Options may also be spelled as LiteLLM spells them, with underscores: --log_level.
            """,
        version: "martlet \(Martlet.version)",
        subcommands: [ServeCommand.self, CheckCommand.self]
    )

    @OptionGroup var arguments: ServeArguments

    func run() throws {
        try self.arguments.serve()
    }
}
