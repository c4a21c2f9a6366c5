internal import ArgumentParser
import WireFormats

/// `martlet users ...`: users, straight in the database.
struct UsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Adds, lists and deletes users, and tells what they have spent.",
        subcommands: [Create.self, List.self, Info.self, Spend.self, ResetBudget.self, Delete.self]
    )

    static let fields = [
        "user_id", "user_email", "user_alias", "user_role", "teams", "models", "spend", "total_spend", "max_budget",
        "budget_duration", "budget_reset_at", "rpm_limit", "tpm_limit", "max_parallel_requests", "blocked",
        "declared_in", "created_at",
    ]

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds a user.")

        @OptionGroup var options: ManagementOptions
        @OptionGroup var allowance: AllowanceOptions

        @Argument(help: "The user's id; a random one if absent.")
        var userID: String?

        @Option(help: "The user's address.")
        var email: String?

        @Option(help: "proxy_admin, proxy_admin_viewer, internal_user, internal_user_viewer or app_user.")
        var role: String?

        @Flag(help: "Make the user a key as well, and print it.")
        var key = false

        func run() throws {
            var body = JSONObject([("auto_create_key", .bool(self.key))])
            if let userID { body["user_id"] = .text(userID) }
            if let email { body["user_email"] = .text(email) }
            if let role { body["user_role"] = .text(role) }
            self.allowance.write(into: &body)
            try self.options.run("POST", "/user/new", body) { answer in
                Table.text(answer["user_id"]) + "\n" + (answer["key"]?.string.map { $0 + "\n" } ?? "")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists users, newest first.")

        @OptionGroup var options: ManagementOptions

        @Option(help: "Which page, from 1.")
        var page = 1

        @Option(help: "How many on a page, at most 100.")
        var size = 50

        func run() throws {
            let query = QueryString.make([("page", String(self.page)), ("page_size", String(self.size))])
            try self.options.run("GET", "/user/list" + query) { answer in
                var table = Table(["USER", "ROLE", "EMAIL", "KEYS", "SPEND", "BUDGET", "PERIOD", "DECLARED IN"])
                for user in answer["users"]?.array ?? [] {
                    table.add(
                        user,
                        [
                            "user_id", "user_role", "user_email", "key_count", "spend", "max_budget", "budget_duration",
                            "declared_in",
                        ]
                    )
                }
                let total = answer["total"]?.integer ?? 0
                return table.rendered + (total == 1 ? "1 user\n" : "\(total) users\n")
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tells about a user.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The user's id.")
        var userID: String

        func run() throws {
            try self.options.run("GET", "/user/info" + QueryString.make([("user_id", self.userID)])) { answer in
                Sheet.render(answer["user_info"] ?? answer, UsersCommand.fields)
            }
        }
    }

    struct Spend: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tells what a user has spent.")

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The user's id.")
        var userID: String

        func run() throws {
            let fields = [
                "user_id", "total_spend", "spend", "max_budget", "remaining_budget", "budget_duration",
                "budget_reset_at", "model_spend",
            ]
            try self.options.run("GET", "/user/spend" + QueryString.make([("user_id", self.userID)])) { answer in
                Sheet.render(answer, fields)
            }
        }
    }

    struct ResetBudget: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begins a user's budget anew; the ledger keeps what was spent."
        )

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The user's id.")
        var userID: String

        func run() throws {
            try self.options.run("POST", "/user/reset_budget", JSONObject([("user_id", .text(self.userID))])) {
                answer in
                Sheet.render(answer, ["user_id", "previous_spend", "spend", "max_budget", "budget_reset_at"])
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes users and their keys; spend stays in the ledger."
        )

        @OptionGroup var options: ManagementOptions

        @Argument(help: "The users' ids.")
        var userIDs: [String]

        func run() throws {
            let body = JSONObject([("user_ids", .array(self.userIDs.map { .text($0) }))])
            try self.options.run("POST", "/user/delete", body) { answer in
                "\(Table.text(answer["deleted_users"])) users and \(Table.text(answer["deleted_keys"])) keys deleted\n"
            }
        }
    }
}
