import Domain

extension Desk {
    /// One page of the records that `query` and `isWanted` choose.
    ///
    /// What the store cannot be asked is looked at record by record.
    ///
    /// `isPaged`: Whether a page was asked for; lists that are bare arrays are whole otherwise, as LiteLLM has them.
    func page<Record: StoredRecord>(
        _ type: Record.Type,
        _ query: RecordQuery,
        isPaged: Bool = true,
        where isWanted: ((Record) -> Bool)? = nil
    ) async throws(GatewayError) -> Page<Record> {
        if isPaged, isWanted == nil {
            let page = try await self.list(type, query)
            return Page(items: page.items.map(\.record), total: page.total)
        }
        var records = try await self.all(type, query).map(\.record)
        if let isWanted { records = records.filter(isWanted) }
        let sorted = query.sorted(records)
        return isPaged ? query.page(of: sorted) : Page(items: sorted, total: sorted.count)
    }
}

extension RecordQuery {
    /// The records in the order in which the store would give them.
    func sorted<Record: StoredRecord>(_ records: [Record]) -> [Record] {
        let ascending = records.sorted { first, second in
            switch self.sort {
            case .id: break
            case .alias where first.alias != second.alias:
                guard let alias = first.alias else { return true }
                guard let other = second.alias else { return false }
                return alias < other
            case .createdAt where first.stamp.createdAt != second.stamp.createdAt:
                return first.stamp.createdAt < second.stamp.createdAt
            case .updatedAt where first.stamp.updatedAt != second.stamp.updatedAt:
                return first.stamp.updatedAt < second.stamp.updatedAt
            case .alias, .createdAt, .updatedAt: break
            }
            return first.id < second.id
        }
        return self.descending ? ascending.reversed() : ascending
    }

    /// The page of a list that is there whole.
    func page<Element>(of elements: [Element]) -> Page<Element> {
        let start = min(elements.count, (self.page - 1) * self.size)
        return Page(items: Array(elements[start..<min(elements.count, start + self.size)]), total: elements.count)
    }
}

extension PageRequest {
    /// Whether the list is wanted page by page.
    var isSaid: Bool { self.page != nil || self.size != nil }
}
