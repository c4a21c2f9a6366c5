import Domain
import WireFormats

/// Where in a list somebody is, and in which order: common to all lists.
struct PageRequest: Sendable {
    var page: Int?
    var size: Int?
    var sortBy: String?
    var sortOrder: SortOrder?
    var search: String?

    enum SortOrder: String, Sendable, CaseIterable {
        case ascending = "asc"
        case descending = "desc"
    }

    /// `sizeName`: `size` for keys, `page_size` for the rest.
    static func fields<Target: Sendable>(
        _ path: any WritableKeyPath<Target, PageRequest> & Sendable,
        sizeName: String = "page_size"
    ) -> [Field<Target>] {
        let fields: [Field<PageRequest>] = [
            .count("page", \.page, "Which page, from 1."),
            .count(sizeName, \.size, "How many on a page, at most 100."),
            Field("sort_by", .choice(Self.orders.map(\.0)), "What the list is sorted by.") {
                (request, value) throws(FieldProblem) in
                let text = try FieldValue.text(value)
                guard Self.orders.contains(where: { $0.0 == text }) else {
                    throw FieldProblem("expected \(FieldType.choice(Self.orders.map(\.0)).expectation)")
                }
                request.sortBy = text
            },
            .choice("sort_order", \.sortOrder, "'asc' or 'desc', which is the default."),
            .text("search", \.search, "Part of the id or the alias, in any case."),
        ]
        return fields.map { $0.within(path) }
    }

    private static let orders: [(String, RecordQuery.Sort)] = [
        ("created_at", .createdAt), ("updated_at", .updatedAt), ("id", .id), ("alias", .alias), ("key_alias", .alias),
        ("user_id", .id), ("user_alias", .alias), ("team_id", .id), ("team_alias", .alias), ("key_name", .id),
    ]

    /// - Throws: `badRequest` for a page 0 and sizes that are too large.
    func query(_ settings: ManagementSettings, usualSize: Int) throws(GatewayError) -> RecordQuery {
        var query = RecordQuery()
        query.page = self.page ?? 1
        query.size = self.size ?? usualSize
        guard query.page >= 1, query.page <= 1_000_000 else {
            throw .invalid("'page': must be at least 1", param: "page")
        }
        guard (1...settings.largestPage).contains(query.size) else {
            throw .invalid("'size': must be from 1 to \(settings.largestPage)", param: "size")
        }
        query.sort = Self.orders.first { $0.0 == self.sortBy }?.1 ?? .createdAt
        query.descending = self.sortOrder != .ascending
        query.search = self.search
        return query
    }

    static func pages(_ total: Int, _ size: Int) -> Int { (total + size - 1) / max(1, size) }
}
