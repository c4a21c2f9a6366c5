internal import ArgumentParser
import Gateway
import Settings

/// `martlet check`: reads a configuration and says all that is wrong with it, or what it was understood as.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a configuration without starting; exit status 0 if it is good, else 1."
    )

    @Argument(help: "The configuration file (YAML).")
    var file: String

    func run() throws {
        let catalog = Catalog()
        let report = catalog.loader.load(path: self.file)
        let renderer = ProblemRenderer(color: StandardStreams.isTerminal)
        StandardStreams.say(renderer.render(report.problems))
        guard let configuration = report.configuration else { throw ExitCode(1) }
        do {
            let (_, notes) = try catalog.builder.build(configuration, version: 1)
            for note in notes { StandardStreams.say("warning: \(note)\n") }
        } catch {
            StandardStreams.say("\(error)\n")
            throw ExitCode(1)
        }
        StandardStreams.say(ConfigurationSummary(configuration).render())
        let offered = EnvironmentModels(catalog).entries(for: configuration).map(\.modelName)
        if !offered.isEmpty {
            StandardStreams.say(
                "\nAlso offered, as their keys stand in the environment: \(offered.joined(separator: ", "))\n"
            )
        }
    }
}
