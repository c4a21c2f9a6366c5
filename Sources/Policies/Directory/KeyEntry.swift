package import Domain
package import Synchronization

/// A virtual key as the request path holds it: what is asked for at every call, and no more, because there may be
/// hundreds of thousands.
package final class KeyEntry: Sendable {
    package let hash: KeyHash
    /// Under which spend and limits are counted: the first hash of the line that a regenerated key continues.
    package let account: KeyHash
    package let name: String
    package let alias: String?
    package let userID: String?
    package let teamID: String?
    package let organizationID: String?
    package let models: [String]
    /// Milliseconds since 1970; the largest number for never.
    package let expiresAt: Int64
    package let isBlocked: Bool
    /// What most keys do not have.
    package let details: Details?
    /// What the account has spent in its lifetime, as far as this process knows; for people, not for decisions.
    package let spent: Spent
    /// The last principal that was made of it, good for the directory it was made in.
    let principal = Mutex<Principal?>(nil)

    /// Nano-dollars, counted by several keys of one account and by the entries that follow each other when a key changes.
    package final class Spent: Sendable {
        package let amount = Atomic<Int64>(0)
    }

    package final class Details: Sendable {
        package let allowance: Allowance
        package let budgetID: String?
        package let aliases: [String: String]
        package let tags: [String]
        package let allowedRoutes: [String]?
        package let permissions: [String: Bool]

        init(_ key: VirtualKey) {
            self.allowance = key.allowance
            self.budgetID = key.budgetID
            self.aliases = key.aliases ?? [:]
            self.tags = key.tags ?? []
            self.allowedRoutes = key.allowedRoutes
            self.permissions = key.permissions ?? [:]
        }
    }

    /// `spent`: where an entry of the same account counts already.
    package init(_ key: VirtualKey, spent: Spent? = nil) {
        self.hash = key.hash
        self.account = key.account
        self.spent = spent ?? Spent()
        self.name = key.name
        self.alias = key.alias
        self.userID = key.userID
        self.teamID = key.teamID
        self.organizationID = key.organizationID
        self.models = key.models
        self.expiresAt = key.expiresAt?.milliseconds ?? .max
        self.isBlocked = key.isBlocked == true
        let isPlain =
            key.allowance == Allowance() && key.budgetID == nil && key.aliases == nil && key.tags == nil
            && key.allowedRoutes == nil && key.permissions == nil
        self.details = isPlain ? nil : Details(key)
    }

    /// For people: the alias, else the key's visible tail.
    package var label: String { self.alias ?? self.name }
}
