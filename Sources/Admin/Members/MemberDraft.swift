import Domain
import WireFormats

/// A member of a team or an organization as a request names them.
struct MemberDraft<Role>: Sendable
where Role: RawRepresentable & CaseIterable & Sendable & SendableMetatype, Role.RawValue == String {
    var userID: String?
    var email: String?
    var role: Role?

    static var fields: [Field<MemberDraft>] {
        [
            .name("user_id", \.userID, "Who; user_email may stand in its place."),
            .text("user_email", \.email, "Who, by address."),
            .choice("role", \.role, "What they are there."),
        ]
    }

    private static var table: FieldTable<MemberDraft> { FieldTable(self.fields) }

    /// The type of a field that names one member or several.
    static var type: FieldType {
        .either(.record(self.table.descriptions), .list(of: .record(self.table.descriptions)))
    }

    /// Reads one member or a list of them.
    static func read(_ value: JSONValue) throws(FieldProblem) -> [MemberDraft] {
        if value.isNull { return [] }
        if case .array = value {
            return try FieldValue.list(value, of: .record(self.table.descriptions)) { (element) throws(FieldProblem) in
                try self.one(element)
            }
        }
        return [try self.one(value)]
    }

    private static func one(_ value: JSONValue) throws(FieldProblem) -> MemberDraft {
        guard let object = value.object else { throw .expected(.record(self.table.descriptions), value) }
        var draft = MemberDraft()
        do {
            try self.table.read(object, into: &draft)
        } catch {
            throw FieldProblem(error.message)
        }
        guard draft.userID != nil || draft.email != nil else { throw FieldProblem("needs 'user_id' or 'user_email'") }
        return draft
    }

    /// - Throws: `badRequest` when somebody stands there twice, or there are too many.
    static func check(_ drafts: [MemberDraft], param: String) throws(GatewayError) {
        guard !drafts.isEmpty else { throw .invalid("Name the members in '\(param)'.", param: param) }
        guard drafts.count <= 500 else { throw .invalid("At most 500 members at once.", param: param) }
        let names = drafts.map { $0.userID ?? $0.email?.lowercased() ?? "" }
        guard Set(names).count == names.count else {
            throw .invalid("A member stands twice in '\(param)'.", param: param)
        }
    }
}

extension Desk {
    /// The user whom a member's entry names.
    ///
    /// One who is not known is added, as LiteLLM does.
    ///
    /// `organizationID`: Where one who is added belongs.
    func member<Role>(
        _ draft: MemberDraft<Role>,
        organizationID: String?,
        _ change: inout Change
    ) async throws(GatewayError) -> User {
        if let id = draft.userID {
            if let user = try await self.find(User.self, id)?.record { return user }
            // The master key is somebody without a record.
            guard id != self.settings.adminID else { return User(id: id) }
        } else if let email = draft.email, let user = try await self.user(email: email)?.record {
            return user
        }
        var user = User(id: draft.userID ?? self.makeID())
        user.email = draft.email
        user.role = self.settings.defaultRole
        user.organizationID = organizationID
        return change.insert(user)
    }
}
