internal import ArgumentParser
import WireFormats

/// `martlet keys ...`: virtual keys, straight in the database.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes, lists, rotates and revokes virtual keys, whether the gateway runs or not.",
        subcommands: [Create.self, List.self, Info.self, Revoke.self, Rotate.self, Block.self, Unblock.self]
    )

    static let fields = [
        "key_alias", "key_name", "token", "status", "user_id", "team_id", "models", "spend", "max_budget",
        "budget_duration", "budget_reset_at", "rpm_limit", "tpm_limit", "max_parallel_requests", "expires",
        "created_at",
    ]

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key and prints it: the only time it is shown."
        )

        @OptionGroup var options: ManagementOptions
        @OptionGroup var allowance: AllowanceOptions

        @Option(name: [.long, .customLong("user_id")], help: "Whose key it is; a user who is not known is added.")
        var userID: String?

        @Option(name: [.long, .customLong("team_id")], help: "The team it belongs to.")
        var teamID: String?

        @Option(help: "A name for people; unique among keys.")
        var alias: String?

        @Option(help: "How long the key works, such as 12h or 30d; for ever if absent.")
        var duration: String?

        func run() throws {
            var body = JSONObject()
            if let userID { body["user_id"] = .text(userID) }
            if let teamID { body["team_id"] = .text(teamID) }
            if let alias { body["key_alias"] = .text(alias) }
            if let duration { body["duration"] = .text(duration) }
            self.allowance.write(into: &body)
            try self.options.run("POST", "/key/generate", body) { Table.text($0["key"]) + "\n" }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists keys, newest first.")

        @OptionGroup var options: ManagementOptions

        @Option(name: [.long, .customLong("user_id")], help: "Keys of this user.")
        var userID: String?

        @Option(name: [.long, .customLong("team_id")], help: "Keys of this team.")
        var teamID: String?

        @Option(help: "Which page, from 1.")
        var page = 1

        @Option(help: "How many on a page, at most 100.")
        var size = 50

        func run() throws {
            let query = QueryString.make([
                ("return_full_object", "true"), ("user_id", self.userID), ("team_id", self.teamID),
                ("page", String(self.page)), ("size", String(self.size)),
            ])
            try self.options.run("GET", "/key/list" + query) { answer in
                var table = Table(["ALIAS", "KEY", "STATUS", "USER", "TEAM", "SPEND", "BUDGET", "EXPIRES", "HASH"])
                for key in answer["keys"]?.array ?? [] {
                    table.add(
                        key,
                        [
                            "key_alias", "key_name", "status", "user_id", "team_id", "spend", "max_budget", "expires",
                            "token",
                        ]
                    )
                }
                let total = answer["total_count"]?.integer ?? 0
                return table.rendered + (total == 1 ? "1 key\n" : "\(total) keys\n")
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tells about a key.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The key, or its hash.")
        var key: String

        func run() throws {
            try self.options.run("GET", "/key/info" + QueryString.make([("key", self.key)])) { answer in
                Sheet.render(answer["info"] ?? answer, KeysCommand.fields)
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deletes keys: they stop working at once.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "Keys, or their hashes.")
        var keys: [String] = []

        @Option(parsing: .upToNextOption, help: "Aliases of keys.")
        var alias: [String] = []

        func validate() throws {
            if self.keys.isEmpty, self.alias.isEmpty { throw ValidationError("Name the keys to revoke.") }
        }

        func run() throws {
            var body = JSONObject()
            if !self.keys.isEmpty { body["keys"] = .array(self.keys.map { .text($0) }) }
            if !self.alias.isEmpty { body["key_aliases"] = .array(self.alias.map { .text($0) }) }
            try self.options.run("POST", "/key/delete", body) { answer in
                let count = answer["deleted_keys"]?.array?.count ?? 0
                return count == 1 ? "1 key revoked\n" : "\(count) keys revoked\n"
            }
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replaces a key by a new one, with the same rights, limits and spend, and prints it."
        )

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The key, or its hash.")
        var key: String

        @Option(name: [.long, .customLong("grace_period")], help: "How long the old key still works, such as 24h.")
        var gracePeriod: String?

        func run() throws {
            var body = JSONObject([("key", .text(self.key))])
            if let gracePeriod { body["grace_period"] = .text(gracePeriod) }
            try self.options.run("POST", "/key/regenerate", body) { Table.text($0["key"]) + "\n" }
        }
    }

    struct Block: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuses a key until it is unblocked.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The key, or its hash.")
        var key: String

        func run() throws {
            try self.options.run("POST", "/key/block", JSONObject([("key", .text(self.key))])) { _ in "blocked\n" }
        }
    }

    struct Unblock: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a blocked key in again.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The key, or its hash.")
        var key: String

        func run() throws {
            try self.options.run("POST", "/key/unblock", JSONObject([("key", .text(self.key))])) { _ in "unblocked\n" }
        }
    }
}
