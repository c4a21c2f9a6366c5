/// A person or a service that keys belong to.
package struct User: StoredRecord {
    package static var kind: RecordKind { .user }

    package var id: String
    package var email: String?
    package var alias: String?
    package var role: UserRole?
    /// Empty means all.
    package var models: [String] = []
    package var allowance = Allowance()
    package var budgetID: String?
    package var organizationID: String?
    package var isBlocked: Bool?
    /// A user that its file no longer declares: kept with its history, its keys refused.
    package var isRemoved: Bool?
    package var owner: RecordOwner = .api
    /// A JSON object's text.
    package var metadata: String?
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}
