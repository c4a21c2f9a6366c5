import Domain
import WireFormats

/// An organization as a request describes it.
struct OrganizationDraft: Sendable {
    var organization: Organization
    var organizationID: String?

    init(_ organization: Organization = Organization(id: "")) {
        self.organization = organization
    }
}

/// The fields of requests about organizations.
enum OrganizationFields {
    static let new = FieldTable<OrganizationDraft>(
        [.name("organization_id", \.organizationID, "The organization's id; a random one if absent.")]
            + OrganizationFields.common + OrganizationFields.unsupported
    )

    static let update = FieldTable<OrganizationDraft>(
        [Field.name("organization_id", \.organizationID, "Which organization.").required]
            + OrganizationFields.common + OrganizationFields.unsupported
    )

    private static let common: [Field<OrganizationDraft>] =
        [
            .text("organization_alias", \.organization.alias, "A name for people."),
            .name(
                "budget_id",
                \.organization.budgetID,
                "A shared budget, which holds where the organization's own fields are silent."
            ),
            .texts("models", \.organization.models, "Model groups, patterns, access groups; empty is all."),
            .flag("blocked", \.organization.isBlocked, "The keys of a blocked organization are refused."),
            .object("metadata", \.organization.metadata, "Anything to be kept with the organization."),
        ] + AllowanceFields.within(\OrganizationDraft.organization.allowance)

    private static let unsupported: [Field<OrganizationDraft>] = [
        "object_permission", "tpd_limit", "spend", "router_settings", "guardrails", "policies", "temp_budget_increase",
        "temp_budget_expiry", "model_aliases", "tags",
    ].map { .unsupported($0) }
}

/// The organizations a request names.
struct OrganizationNames: Sendable {
    var id: String?
    var ids: [String] = []

    static let query = FieldTable<OrganizationNames>([
        Field.text("organization_id", \.id, "Which organization.").required
    ])
    static let many = FieldTable<OrganizationNames>([
        Field.texts("organization_ids", \.ids, "Which organizations.").required
    ])
    static let listed = FieldTable<OrganizationNames>([
        Field.texts("organizations", \.ids, "Ids of organizations.").required
    ])
}

/// What the list of organizations may be asked for.
struct OrganizationFilter: Sendable {
    var paging = PageRequest()
    var id: String?
    var alias: String?

    static let table = FieldTable<OrganizationFilter>(
        PageRequest.fields(\OrganizationFilter.paging) + [
            .text("org_id", \.id, "This organization."),
            .text("org_alias", \.alias, "Part of the alias, in any case."),
        ]
    )
}

/// Who is to become, be or cease to be a member of an organization.
struct OrganizationMemberRequest: Sendable {
    var id: String?
    var members: [MemberDraft<OrganizationMember.Role>] = []
    var member = MemberDraft<OrganizationMember.Role>()

    private static let id = Field<OrganizationMemberRequest>.text("organization_id", \.id, "Which organization.")
        .required
    private static let budget = Field<OrganizationMemberRequest>.unsupported("max_budget_in_organization")

    static let add = FieldTable<OrganizationMemberRequest>([
        Self.id,
        Field("member", MemberDraft<OrganizationMember.Role>.type, "Whom: one, or a list.") {
            (request, value) throws(FieldProblem) in request.members = try MemberDraft.read(value)
        }.required,
        Self.budget,
    ])

    static let update = FieldTable<OrganizationMemberRequest>(
        [Self.id, Self.budget] + MemberDraft.fields.map { $0.within(\.member) }
    )

    static let delete = FieldTable<OrganizationMemberRequest>(
        [Self.id] + MemberDraft.fields.filter { $0.description.name != "role" }.map { $0.within(\.member) }
    )
}
