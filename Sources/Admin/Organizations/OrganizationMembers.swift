import Domain
import WireFormats

/// Who is in an organization.
struct OrganizationMembers: Sendable {
    let desk: Desk

    private func organization(_ id: String?, _ call: ManagementCall) async throws(GatewayError) -> Versioned<
        Organization
    > {
        let old = try await self.desk.requireOrganization(id ?? "")
        let authority = Authority(self.desk, call)
        guard authority.changesAll || authority.isAdmin(of: old.record) else { throw authority.onlyAdmin }
        return old
    }

    func add(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(OrganizationMemberRequest.add, OrganizationMemberRequest())
        try MemberDraft.check(request.members, param: "member")
        let (organization, users) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.organization(request.id, call)
            var organization = old.record
            var users: [User] = []
            for draft in request.members {
                let user = try await self.member(draft, of: organization, call, &change)
                guard !organization.members.contains(where: { $0.userID == user.id }) else {
                    throw GatewayError.invalid(
                        "User '\(FieldValue.shown(user.id))' is already a member; /organization/member_update changes them.",
                        param: "member"
                    )
                }
                organization.members.append(OrganizationMember(userID: user.id, role: draft.role ?? .internalUser))
                users.append(user)
            }
            return (change.update(old, to: organization), users)
        }
        return Answer.json(
            [
                "organization_id": .text(organization.id),
                "updated_users": .array(
                    users.map { .object(UserRow.write($0, SpentAmounts(), teams: [], at: call.now)) }
                ),
                "updated_organization_memberships": .array(
                    organization.members.filter { member in users.contains { $0.id == member.userID } }.map {
                        Self.membership($0, organization)
                    }
                ),
            ] as JSONValue
        )
    }

    /// The user to be a member.
    ///
    /// Who belongs to an organization can be changed and deleted by its admins, so it is proxy admins only who make
    /// somebody who exists belong to one.
    private func member(
        _ draft: MemberDraft<OrganizationMember.Role>,
        of organization: Organization,
        _ call: ManagementCall,
        _ change: inout Change
    ) async throws(GatewayError) -> User {
        let user = try await self.desk.member(draft, organizationID: organization.id, &change)
        guard Authority(self.desk, call).changesAll, user.organizationID == nil, user.owner == .api,
            let old = try await self.desk.find(User.self, user.id)
        else { return user }
        var changed = old.record
        changed.organizationID = organization.id
        return change.update(old, to: changed)
    }

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(OrganizationMemberRequest.update, OrganizationMemberRequest())
        let (organization, index) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.organization(request.id, call)
            var organization = old.record
            let index = try await self.index(of: request.member, in: organization)
            if let role = request.member.role { organization.members[index].role = role }
            return (change.update(old, to: organization), index)
        }
        return Answer.json(Self.membership(organization.members[index], organization))
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(OrganizationMemberRequest.delete, OrganizationMemberRequest())
        let (organization, member) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.organization(request.id, call)
            var organization = old.record
            let index = try await self.index(of: request.member, in: organization)
            let member = organization.members.remove(at: index)
            if let user = try await self.desk.find(User.self, member.userID), user.record.owner == .api,
                user.record.organizationID == organization.id
            {
                var changed = user.record
                changed.organizationID = nil
                change.update(user, to: changed)
            }
            return (change.update(old, to: organization), member)
        }
        return Answer.json(Self.membership(member, organization))
    }

    private func index(
        of draft: MemberDraft<OrganizationMember.Role>,
        in organization: Organization
    ) async throws(GatewayError) -> Int {
        var id = draft.userID
        if id == nil, let email = draft.email { id = try await self.desk.user(email: email)?.record.id }
        guard draft.userID != nil || draft.email != nil else {
            throw .invalid("Either 'user_id' or 'user_email' needs to be passed in.", param: "user_id")
        }
        guard let index = organization.members.firstIndex(where: { $0.userID == id }) else {
            throw .missing(
                "User '\(FieldValue.shown(draft.userID ?? draft.email ?? ""))' is no member of the organization.",
                param: "user_id"
            )
        }
        return index
    }

    private static func membership(_ member: OrganizationMember, _ organization: Organization) -> JSONValue {
        [
            "user_id": .text(member.userID), "organization_id": .text(organization.id),
            "user_role": .text(member.role.rawValue), "budget_id": .null, "litellm_budget_table": .null,
        ]
    }
}
