internal import ArgumentParser
import Gateway

/// `martlet`: the gateway's command line. `serve` is what it does unless told otherwise.
@main
struct MartletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "One OpenAI-compatible address in front of all language models.",
        discussion: """
            martlet --config config.yaml --port 8000    starts the gateway
            martlet check config.yaml                   says what is wrong with a configuration, or what it means
            """,
        version: "martlet \(Martlet.version)",
        subcommands: [ServeCommand.self, CheckCommand.self],
        defaultSubcommand: ServeCommand.self
    )
}
