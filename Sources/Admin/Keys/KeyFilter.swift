import Domain
import WireFormats

/// What `/key/list` may be asked for.
struct KeyFilter: Sendable {
    var paging = PageRequest()
    var userID: String?
    var teamID: String?
    var organizationID: String?
    var alias: String?
    var hash: String?
    var isFull: Bool?
    var includesTeamKeys: Bool?
    var status: Status?

    enum Status: String, Sendable, CaseIterable {
        case active
        case blocked
        case expired
    }

    static let table = FieldTable<KeyFilter>(
        PageRequest.fields(\KeyFilter.paging, sizeName: "size") + [
            .text("user_id", \.userID, "Keys of this user."),
            .text("team_id", \.teamID, "Keys of this team."),
            .text("organization_id", \.organizationID, "Keys of this organization."),
            .text("key_alias", \.alias, "The key of this alias."),
            .text("key_hash", \.hash, "The key of this hash."),
            .flag("return_full_object", \.isFull, "Records in place of hashes."),
            .flag("include_team_keys", \.includesTeamKeys, "Also keys of teams that the caller is an admin of."),
            .ignored("include_created_by_keys", "Taken for LiteLLM's clients."),
            .ignored("expand", "Taken for LiteLLM's clients."),
            .choice("status", \.status, "Only keys that are so."),
        ]
    )
}
