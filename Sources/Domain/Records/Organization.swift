/// Teams and users under one roof.
package struct Organization: StoredRecord {
    package static var kind: RecordKind { .organization }

    package var id: String
    package var alias: String?
    package var members: [OrganizationMember] = []
    /// Empty means all.
    package var models: [String] = []
    package var allowance = Allowance()
    package var budgetID: String?
    package var isBlocked: Bool?
    /// A JSON object's text.
    package var metadata: String?
    package var stamp = RecordStamp()

    package init(id: String) {
        self.id = id
    }
}

package struct OrganizationMember: Sendable, Equatable, Codable {
    package enum Role: String, Sendable, Codable, CaseIterable {
        case orgAdmin = "org_admin"
        case internalUser = "internal_user"
        case internalUserViewer = "internal_user_viewer"
    }

    package var userID: String
    package var role: Role

    package init(userID: String, role: Role) {
        self.userID = userID
        self.role = role
    }
}
