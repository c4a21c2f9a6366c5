package import Domain
package import Settings

/// The users that the file declares, brought into the store.
///
/// What the file says of a user is the file's: each start writes it anew. A user that the file no longer names is marked
/// as removed, with its history; nothing is deleted.
package struct DeclaredUsers: Sendable {
    private let entries: [UserEntry]

    package init(_ configuration: Configuration) {
        self.entries = configuration.users
    }

    package var isEmpty: Bool { self.entries.isEmpty }

    /// The records as the file alone makes them.
    package var users: [User] { self.entries.map { Self.user($0, over: User(id: $0.userID)) } }

    /// What must change so that the store says what the file says; nil when it does.
    ///
    /// `stored`: all users of the store.
    package func mutation(over stored: [User], now: WallTime, newID: () -> String) -> Mutation? {
        let known = Dictionary(stored.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        let declared = Set(self.entries.map(\.userID))
        var changed: [(user: User, before: User?)] = []
        for entry in self.entries {
            let before = known[entry.userID]
            let user = Self.user(entry, over: before ?? User(id: entry.userID))
            if user != before { changed.append((user, before)) }
        }
        for user in stored where user.owner == .file && user.isRemoved != true && !declared.contains(user.id) {
            var removed = user
            removed.isRemoved = true
            changed.append((removed, user))
        }
        guard !changed.isEmpty else { return nil }
        var steps: [Mutation.Step] = []
        var audit: [AuditEntry] = []
        for (user, before) in changed {
            var user = user
            if before == nil { user.stamp.createdAt = now }
            user.stamp.updatedAt = now
            user.stamp.updatedBy = "config"
            steps.append(.put(user))
            let action = before == nil ? "created" : user.isRemoved == true ? "removed" : "updated"
            var entry = AuditEntry(id: newID(), at: now, actor: "config", action: action, kind: .user, object: user.id)
            entry.origin = "local"
            audit.append(entry)
        }
        return Mutation(steps, audit: audit)
    }

    /// Brings the store to say what the file says.
    package func write(to store: any Store, now: WallTime, newID: () -> String) async throws(StoreError) {
        var query = RecordQuery()
        query.size = 1000
        var stored: [User] = []
        while true {
            let page = try await store.list(User.self, query)
            stored += page.items.map(\.record)
            guard stored.count < page.total, !page.items.isEmpty else { break }
            query.page += 1
        }
        guard let mutation = self.mutation(over: stored, now: now, newID: newID) else { return }
        try await store.apply(mutation)
    }

    /// What the file says, over what else is known of the user.
    private static func user(_ entry: UserEntry, over stored: User) -> User {
        var user = stored
        user.owner = .file
        user.isRemoved = nil
        user.email = entry.email
        user.alias = entry.alias ?? stored.alias
        user.role = entry.role ?? .internalUser
        user.models = entry.models
        user.allowance.maxBudget = entry.maxBudget
        user.allowance.budgetPeriod = entry.budgetDuration
        user.allowance.rpm = entry.rpmLimit
        user.allowance.tpm = entry.tpmLimit
        user.allowance.maxParallel = entry.maxParallelRequests
        return user
    }
}
