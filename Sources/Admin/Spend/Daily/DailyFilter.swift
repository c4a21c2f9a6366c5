import Domain
import WireFormats

/// What questions about daily activity may say.
struct DailyFilter: Sendable {
    var dates = DateRange()
    /// Whose; by the name that the kind has.
    var ids: [String] = []
    var userID: String?
    var apiKey: String?
    var models: [String] = []
    var page: Int?
    var size: Int?
    var format: AnswerFormat?

    /// For the activity of `kind`: what names its subjects, and nothing else of that sort.
    static func table(_ kind: DailyKind) -> FieldTable<DailyFilter> {
        var fields = DateRange.days(\DailyFilter.dates)
        switch kind {
        case .user:
            fields.append(.text("user_id", \.userID, "The activity of this user."))
            fields.append(.text("api_key", \.apiKey, "The activity of this key, by itself or its hash."))
        case .key:
            fields.append(.text("api_key", \.apiKey, "The activity of this key, by itself or its hash."))
            fields.append(.texts("api_keys", \.ids, "The activity of these keys."))
        case .team: fields.append(.texts("team_ids", \.ids, "The activity of these teams."))
        case .organization: fields.append(.texts("organization_ids", \.ids, "The activity of these organizations."))
        case .customer: fields.append(.texts("end_user_ids", \.ids, "The activity for these customers."))
        case .tag: fields.append(.texts("tags", \.ids, "The activity under these tags."))
        case .model: fields.append(.texts("models", \.ids, "The activity of these model groups."))
        }
        if kind != .model { fields.append(.texts("model", \.models, "With these model groups alone.")) }
        return FieldTable(
            fields + [
                .count("page", \.page, "Which page of days, from 1."),
                .count("page_size", \.size, "How many days on a page, at most 100; usually 50."),
                .choice("format", \.format, "'csv' for a table of all days."),
                .ignored("timezone", "Days are those of UTC."),
            ]
        )
    }
}

/// Whose activity a route tells of.
enum DailyKind: Sendable, Equatable, CaseIterable {
    case user
    case key
    case team
    case organization
    case customer
    case tag
    case model

    var paths: [String] {
        switch self {
        case .user: ["/user/daily/activity"]
        case .key: ["/key/daily/activity"]
        case .team: ["/team/daily/activity"]
        case .organization: ["/organization/daily/activity"]
        case .customer: ["/customer/daily/activity", "/end_user/daily/activity"]
        case .tag: ["/tag/daily/activity"]
        case .model: ["/model/daily/activity"]
        }
    }

    var plural: String {
        switch self {
        case .user: "users"
        case .key: "keys"
        case .team: "teams"
        case .organization: "organizations"
        case .customer: "customers"
        case .tag: "tags"
        case .model: "model groups"
        }
    }

    var subject: SubjectKind {
        switch self {
        case .user: .user
        case .key: .key
        case .team: .team
        case .organization: .organization
        case .customer: .endUser
        case .tag: .tag
        case .model: .model
        }
    }
}
