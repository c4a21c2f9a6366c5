import Domain
import WireFormats

/// Which calls somebody wants to see.
struct LogFilter: Sendable {
    var apiKey: String?
    var userID: String?
    var teamID: String?
    var organizationID: String?
    var endUserID: String?
    var modelGroup: String?
    var tags: [String] = []
    var requestID: String?
    var status: CallOutcome?
    var dates = DateRange()
    var page: Int?
    var size: Int?
    var order: PageRequest.SortOrder?
    var isSummary: Bool?
    var format: AnswerFormat?

    private static let filters: [Field<LogFilter>] =
        [
            .text("api_key", \.apiKey, "Calls of this key, by itself or its hash."),
            .text("user_id", \.userID, "Calls of this user."),
            .text("team_id", \.teamID, "Calls of this team."),
            .text("team", \.teamID, "Another name of team_id."),
            .text("organization_id", \.organizationID, "Calls of this organization."),
            .text("end_user", \.endUserID, "Calls for this customer."),
            .text("model", \.modelGroup, "Calls of this model group."),
            .texts("tags", \.tags, "Calls with this tag; one."),
            .text("request_id", \.requestID, "The calls of this id: 'x-litellm-call-id' of the answer."),
            .choice("status", \.status, "Calls that ended so."),
            .choice("status_filter", \.status, "Another name of status."),
            .choice("format", \.format, "'csv' for a table of all that match."),
        ] + DateRange.fields(\LogFilter.dates)

    private static let paging: [Field<LogFilter>] = [
        .count("page", \.page, "Which page, from 1."),
        .count("page_size", \.size, "How many on a page, at most 100."),
        .choice("sort_order", \.order, "'desc', the newest first, unless 'asc'."),
    ]

    /// `/spend/logs`.
    static let plain = FieldTable<LogFilter>(
        LogFilter.filters + LogFilter.paging + [
            .flag("summarize", \.isSummary, "Sums by day, as usual when dates are given; false is single calls.")
        ]
    )

    /// `/spend/logs/v2` and `/spend/logs/ui`.
    static let pages = FieldTable<LogFilter>(
        LogFilter.filters + LogFilter.paging + [
            .ignored("sort_by", "Calls are sorted by the time they ended."),
            .unsupported("min_spend"), .unsupported("max_spend"), .unsupported("key_alias"),
            .unsupported("model_id"), .unsupported("error_code"), .unsupported("error_message"),
        ]
    )

    /// The question to the ledger, before it is narrowed to what the caller may see.
    func query() throws(GatewayError) -> CallQuery {
        try self.dates.check()
        guard self.tags.count <= 1 else { throw .invalid("'tags': name one tag", param: "tags") }
        var query = CallQuery()
        query.callID = self.requestID
        query.key = self.apiKey.map { Desk.hash(ofKey: $0) }
        query.userID = self.userID
        query.teamID = self.teamID
        query.organizationID = self.organizationID
        query.endUserID = self.endUserID
        query.modelGroup = self.modelGroup
        query.tag = self.tags.first
        query.outcome = self.status
        query.from = self.dates.from
        query.to = self.dates.to
        query.descending = self.order != .ascending
        return query
    }
}

extension CallQuery {
    /// Whether anything but the time is asked for.
    var isNarrowed: Bool {
        var plain = CallQuery()
        plain.from = self.from
        plain.to = self.to
        return !plain.hasSameSubject(as: self)
    }

    private func hasSameSubject(as other: CallQuery) -> Bool {
        self.callID == other.callID && self.key == other.key && self.userID == other.userID
            && self.teamID == other.teamID && self.organizationID == other.organizationID
            && self.endUserID == other.endUserID && self.modelGroup == other.modelGroup && self.tag == other.tag
            && self.outcome == other.outcome
    }
}
