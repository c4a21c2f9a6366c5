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
            martlet keys create --config config.yaml --user-id user1

            'martlet serve --help' lists what the gateway can be told; the word 'serve' may be left out. Options may also \
            be spelled as LiteLLM spells them, with underscores: --log_level.
            """,
        version: "martlet \(Martlet.version)",
        subcommands: [
            ServeCommand.self, CheckCommand.self, KeysCommand.self, UsersCommand.self, LedgerCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
