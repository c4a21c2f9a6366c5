import Domain
import WireFormats

/// A tag as a request describes it.
struct TagDraft: Sendable {
    var tag: Tag
    var name: String?

    init(_ tag: Tag = Tag(id: "")) {
        self.tag = tag
    }
}

/// The fields of requests about tags.
enum TagFields {
    static let new = FieldTable<TagDraft>(TagFields.all)
    static let update = FieldTable<TagDraft>(TagFields.all)

    private static let all: [Field<TagDraft>] =
        [
            Field.name("name", \.name, "The word itself.").required,
            .text("description", \.tag.summary, "What it is for."),
            .texts("models", \.tag.models, "Model groups that the tag goes with, for people."),
            .name("budget_id", \.tag.budgetID, "A shared budget, which holds where the tag's own fields are silent."),
        ] + AllowanceFields.within(\TagDraft.tag.allowance) + TagFields.unsupported

    private static let unsupported: [Field<TagDraft>] = ["model_info", "tpd_limit", "spend", "budget_reset_at"].map {
        .unsupported($0)
    }
}

/// The tags a request names.
struct TagNames: Sendable {
    var name: String?
    var names: [String] = []

    static let one = FieldTable<TagNames>([Field.text("name", \.name, "Which tag.").required])
    static let many = FieldTable<TagNames>([Field.texts("names", \.names, "Which tags.").required])
}

/// What the list of tags may be asked for.
struct TagFilter: Sendable {
    var paging = PageRequest()

    static let table = FieldTable<TagFilter>(PageRequest.fields(\TagFilter.paging))
}

/// A tag in LiteLLM's shape.
enum TagRow {
    static func write(_ tag: Tag, _ spent: SpentAmounts, at now: WallTime) -> JSONObject {
        var row = self.fields(tag, at: now)
        row.append("spend", .money(spent.current))
        row.append("total_spend", .money(spent.total))
        return row
    }

    static func fields(_ tag: Tag, at now: WallTime?) -> JSONObject {
        var row = self.plain(tag)
        row.append("budget_id", .optional(tag.budgetID))
        AllowanceRow.write(tag.allowance, at: now, into: &row)
        tag.stamp.write(into: &row)
        return row
    }

    /// What those see who see no budgets.
    static func plain(_ tag: Tag) -> JSONObject {
        JSONObject([
            ("name", .text(tag.id)), ("description", .optional(tag.summary)), ("models", .texts(tag.models)),
            ("model_info", .null),
        ])
    }
}

extension Tag: Auditable {
    var auditRow: JSONObject { TagRow.fields(self, at: nil) }
}
