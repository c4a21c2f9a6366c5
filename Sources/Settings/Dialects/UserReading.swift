internal import Domain

extension UserEntry {
    /// Reads an entry of `user_config`; nil when it has no id.
    init?(reading reader: inout MappingReader) {
        reader.require("user_id")
        self.init(userID: reader.string("user_id") ?? "")
        self.email = reader.string("user_email")
        self.alias = reader.string("user_alias")
        self.role = reader.choice("user_role", of: UserRole.self)
        self.maxBudget = reader.money("max_budget")
        self.budgetDuration = reader.budgetPeriod("budget_duration")
        self.models = reader.strings("models") ?? []
        self.rpmLimit = reader.integer("rpm_limit", 1...Int.max)
        self.tpmLimit = reader.integer("tpm_limit", 1...Int.max)
        self.maxParallelRequests = reader.integer("max_parallel_requests", 1...Int.max)
        reader.finish(.user)
        if self.userID.isEmpty { return nil }
    }
}

/// Reads `user_config` and sees to it that no user is declared twice.
struct UserListReading {
    private var lines: [String: Int] = [:]

    mutating func entry(_ reader: inout MappingReader) -> UserEntry? {
        guard let user = UserEntry(reading: &reader) else { return nil }
        if let line = self.lines[user.userID] {
            let name = reader.shown(user.userID, of: "user_id")
            reader.error("user_id", "the user_id '\(name)' is taken by the entry at line \(line)")
            return nil
        }
        self.lines[user.userID] = reader.position.line
        return user
    }
}

extension CredentialEntry {
    /// Reads an entry of `credential_list`.
    init?(reading reader: inout MappingReader) {
        reader.require("credential_name")
        reader.require("credential_values")
        let name = reader.string("credential_name")
        let values = reader.secretPairs("credential_values")
        _ = reader.value("credential_info")
        reader.finish(.credential)
        guard let name, let values else { return nil }
        self.init(name: name, values: values)
    }
}
