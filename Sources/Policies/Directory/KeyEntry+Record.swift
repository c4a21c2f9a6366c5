package import Domain

extension KeyEntry {
    /// The key as a record, as far as the request path knows it; ``init(_:)`` makes the same entry of it.
    package var record: VirtualKey {
        var key = VirtualKey(hash: self.hash, name: self.name)
        key.lineage = self.account == self.hash ? nil : self.account
        key.alias = self.alias
        key.userID = self.userID
        key.teamID = self.teamID
        key.organizationID = self.organizationID
        key.models = self.models
        key.expiresAt = self.expiresAt == .max ? nil : WallTime(milliseconds: self.expiresAt)
        key.isBlocked = self.isBlocked ? true : nil
        guard let details = self.details else { return key }
        key.allowance = details.allowance
        key.budgetID = details.budgetID
        key.aliases = details.aliases.isEmpty ? nil : details.aliases
        key.tags = details.tags.isEmpty ? nil : details.tags
        key.allowedRoutes = details.allowedRoutes
        key.permissions = details.permissions.isEmpty ? nil : details.permissions
        return key
    }
}
