internal import ArgumentParser
import Domain
import NIOCore
import WireFormats

/// `martlet ledger ...`: the records of calls, and the sums that follow from them.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Proves that the sums of spend equal the records, and makes them anew.",
        subcommands: [Verify.self, Rebuild.self]
    )

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares every sum with the records; exit status 0 if all are equal, else 1."
        )

        @OptionGroup var options: ManagementOptions

        func run() throws {
            try self.options.withSession { session in
                let found = try session.withStore { (store) throws(StoreError) in
                    (try await store.verifySums(), try await store.callVolume().records)
                }
                let (differences, records) = found
                if self.options.json {
                    let answer: JSONValue = [
                        "records": .integer(records), "differences": .array(differences.map { .text($0) }),
                    ]
                    StandardStreams.say(String(buffer: answer.serialized) + "\n")
                } else if differences.isEmpty {
                    StandardStreams.say("the sums equal the \(records) records\n")
                } else {
                    StandardStreams.say(differences.map { $0 + "\n" }.joined())
                }
                if !differences.isEmpty { throw ExitCode(1) }
            }
        }
    }

    struct Rebuild: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes all sums anew from the records.")

        @OptionGroup var options: ManagementOptions

        func run() throws {
            try self.options.withSession { session in
                let records = try session.withStore { (store) throws(StoreError) in
                    try await store.rebuildSums()
                    return try await store.callVolume().records
                }
                let answer: JSONValue = ["records": .integer(records)]
                StandardStreams.say(
                    self.options.json
                        ? String(buffer: answer.serialized) + "\n" : "the sums follow from \(records) records\n"
                )
            }
        }
    }
}
