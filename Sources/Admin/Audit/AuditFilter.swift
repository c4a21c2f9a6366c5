import Domain
import WireFormats

/// Which changes somebody wants to see.
struct AuditFilter: Sendable {
    var actor: String?
    var actorKey: String?
    var action: String?
    var kind: RecordKind?
    var object: String?
    var dates = DateRange()
    var page: Int?
    var size: Int?

    static let table = FieldTable<AuditFilter>(
        [
            .text("changed_by", \.actor, "Changes by this user; 'default_user_id' is the master key."),
            .text("changed_by_api_key", \.actorKey, "Changes by this key, by itself or its hash."),
            .text("action", \.action, "created, updated, deleted, blocked, unblocked, regenerated, reset."),
            Field("table_name", .choice(AuditTable.names), "What sort of record was changed.") {
                (filter, value) throws(FieldProblem) in
                if value.isNull { return }
                let text = try FieldValue.text(value)
                guard let kind = AuditTable.kind(text) else {
                    throw FieldProblem("expected \(FieldType.choice(AuditTable.names).expectation)")
                }
                filter.kind = kind
            },
            .text("object_id", \.object, "The record of this id; a key's is its hash."),
            .count("page", \.page, "Which page, from 1."),
            .count("page_size", \.size, "How many on a page, at most 100."),
            .ignored("sort_by", "The newest change is first."),
            .ignored("sort_order", "The newest change is first."),
        ] + DateRange.fields(\AuditFilter.dates)
    )

    /// - Throws: `badRequest` for dates that end before they begin.
    func query(_ paging: Paging) throws(GatewayError) -> AuditQuery {
        try self.dates.check()
        var query = AuditQuery()
        query.actor = self.actor
        query.actorKey = self.actorKey.map { Desk.hash(ofKey: $0) }
        query.action = self.action
        query.kind = self.kind
        query.object = self.object
        query.from = self.dates.from
        query.to = self.dates.to
        query.page = paging.page
        query.size = paging.size
        return query
    }
}

/// LiteLLM's names of the tables that records stand in.
enum AuditTable {
    static func name(_ kind: RecordKind) -> String {
        switch kind {
        case .key: "LiteLLM_VerificationToken"
        case .user: "LiteLLM_UserTable"
        case .team: "LiteLLM_TeamTable"
        case .organization: "LiteLLM_OrganizationTable"
        case .endUser: "LiteLLM_EndUserTable"
        case .budget: "LiteLLM_BudgetTable"
        case .tag: "LiteLLM_TagTable"
        case .model: "LiteLLM_ProxyModelTable"
        }
    }

    static let names = RecordKind.allCases.map { AuditTable.name($0) } + RecordKind.allCases.map(\.rawValue)

    /// The kind of LiteLLM's name, or of ours.
    static func kind(_ name: String) -> RecordKind? {
        RecordKind(rawValue: name) ?? RecordKind.allCases.first { self.name($0) == name }
    }
}
