import Domain
import WireFormats

/// Tells about tags.
struct TagReading: Sendable {
    let desk: Desk

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let names = try call.read(TagNames.many, TagNames()).names
        guard !names.isEmpty, names.count <= 500 else {
            throw .invalid("Name 1 to 500 tags in 'names'.", param: "names")
        }
        let found = try await self.desk.find(Tag.self, ids: names)
        let missing = names.filter { found[$0] == nil }
        guard missing.isEmpty else {
            throw .missing("Tags not found: \(missing.prefix(10).map { FieldValue.shown($0) })", param: "names")
        }
        let spent = try await self.desk.spent(.tag, Array(found.values), now: call.now)
        return Answer.json(
            JSONValue.map(found) { .object(TagRow.write($0, spent[$0.id] ?? SpentAmounts(), at: call.now)) }
        )
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let paging = try call.readQuery(TagFilter.table, TagFilter()).paging
        let query = try paging.query(self.desk.settings, usualSize: 100)
        let authority = Authority(self.desk, call)
        var tags = try await self.desk.all(Tag.self, query).map(\.record)
        if authority.seesAll {
            tags += try await self.fromRequests(search: query.search, known: Set(tags.map(\.id)))
        } else {
            let own = try await self.own(authority)
            tags.removeAll { !own.contains($0.id) }
        }
        tags = query.sorted(tags)
        if paging.isSaid { tags = query.page(of: tags).items }
        guard authority.seesAll else { return Answer.json(.array(tags.map { .object(TagRow.plain($0)) })) }
        let spent = try await self.desk.spent(.tag, tags, now: call.now)
        return Answer.json(
            .array(tags.map { .object(TagRow.write($0, spent[$0.id] ?? SpentAmounts(), at: call.now)) })
        )
    }

    /// Tags without a record, under which spend was booked because requests or keys named them.
    private func fromRequests(search: String?, known: Set<String>) async throws(GatewayError) -> [Tag] {
        let part = search?.lowercased() ?? ""
        return try await self.desk.usage(UsageQuery(.tag, groups: [.subject])).compactMap { row in
            guard let name = row.subject, !known.contains(name) else { return nil }
            guard part.isEmpty || name.lowercased().contains(part) else { return nil }
            var tag = Tag(id: name)
            tag.summary = "Named by requests or keys; it has no record and no budget."
            return tag
        }
    }

    /// The tags of the caller's keys and teams.
    private func own(_ authority: Authority) async throws(GatewayError) -> Set<String> {
        guard let userID = authority.userID else { return [] }
        let keys = try await self.desk.keys(ofUser: userID).flatMap { $0.record.tags ?? [] }
        return Set(keys + (try await self.desk.teams(of: userID).flatMap { $0.tags ?? [] }))
    }
}
