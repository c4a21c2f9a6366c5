internal import ArgumentParser
import Domain
import NIOCore
import WireFormats

/// What every command on the database can be told.
struct ManagementOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The configuration file (YAML); else CONFIG_FILE_PATH names it.")
    var config: String?

    @Flag(help: "Print the management API's answer, as JSON.")
    var json = false

    /// Opens the database, calls the API and prints what it answers.
    ///
    /// `show` renders the answer for people.
    func run(_ method: String, _ target: String, _ body: JSONObject? = nil, show: (JSONValue) -> String) throws {
        try self.withSession { session in
            let answer = try session.call(method, target, body)
            StandardStreams.say(self.json ? String(buffer: answer.serialized) + "\n" : show(answer))
        }
    }

    /// - Throws: `ExitCode(1)`, the reason told.
    func withSession(_ work: (ManagementSession) throws -> Void) throws {
        do {
            let session = try ManagementSession(configPath: self.config)
            defer { session.close() }
            try work(session)
        } catch let failure as StartFailure {
            StandardStreams.complain(failure.description)
            throw ExitCode(1)
        }
    }
}

/// Budgets and limits, as options.
struct AllowanceOptions: ParsableArguments {
    @Option(name: [.long, .customLong("max_budget")], help: "Dollars that may be spent, such as 10 or 0.50.")
    var maxBudget: String?

    @Option(
        name: [.long, .customLong("budget_duration")],
        help: "How often the budget begins anew: 30s, 30m, 24h, 7d, 30d, 1mo."
    )
    var budgetDuration: String?

    @Option(name: [.long, .customLong("rpm_limit")], help: "Requests a minute.")
    var rpmLimit: Int?

    @Option(name: [.long, .customLong("tpm_limit")], help: "Tokens a minute.")
    var tpmLimit: Int?

    @Option(name: [.long, .customLong("max_parallel_requests")], help: "Requests at the same time.")
    var maxParallelRequests: Int?

    @Option(parsing: .upToNextOption, help: "Model groups, patterns or access groups; none is all.")
    var models: [String] = []

    func validate() throws {
        if let maxBudget, NanoDollars(exactly: maxBudget) == nil {
            throw ValidationError("--max-budget takes dollars, such as 10 or 0.50.")
        }
    }

    func write(into body: inout JSONObject) {
        if let amount = self.maxBudget.flatMap({ NanoDollars(exactly: $0) }) {
            body["max_budget"] = .number(JSONNumber(spelling: ByteBuffer(string: amount.description)))
        }
        if let budgetDuration { body["budget_duration"] = .text(budgetDuration) }
        if let rpmLimit { body["rpm_limit"] = .integer(rpmLimit) }
        if let tpmLimit { body["tpm_limit"] = .integer(tpmLimit) }
        if let maxParallelRequests { body["max_parallel_requests"] = .integer(maxParallelRequests) }
        if !self.models.isEmpty { body["models"] = .array(self.models.map { .text($0) }) }
    }
}
