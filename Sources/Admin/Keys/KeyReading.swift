import Domain
import WireFormats

/// Tells about keys.
struct KeyReading: Sendable {
    let desk: Desk

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let authority = Authority(self.desk, call)
        let asked = try call.readQuery(KeyNames.query, KeyNames()).key
        guard let name = asked ?? authority.ownKey?.hex else {
            throw .missing("Key not found in database", param: "key")
        }
        let key = try await self.desk.requireKey(name, "Key not found in database").record
        guard try await authority.maySee(key) else {
            throw .forbidden(
                "You are not allowed to access this key's info. Your role=\(call.caller?.role?.rawValue ?? "unknown")"
            )
        }
        let row = try await self.desk.row(key, now: call.now)
        return Answer.json(["key": .text(name), "info": .object(row)] as JSONValue)
    }

    func infos(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let authority = Authority(self.desk, call)
        let names = try call.read(KeyNames.many, KeyNames())
        guard names.keys.count + names.aliases.count <= 500 else {
            throw .invalid("At most 500 keys at once.", param: "keys")
        }
        var keys: [VirtualKey] = []
        for name in names.keys {
            if let key = try await self.desk.key(name)?.record, try await authority.maySee(key) { keys.append(key) }
        }
        for alias in names.aliases {
            if let key = try await self.desk.key(alias: alias)?.record, try await authority.maySee(key) {
                keys.append(key)
            }
        }
        guard !keys.isEmpty else { throw .missing("{'error': 'No keys found'}", param: "keys") }
        return Answer.json(
            ["key": .texts(names.keys + names.aliases), "info": .array(try await self.desk.rows(keys, now: call.now))]
                as JSONValue
        )
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(KeyFilter.table, KeyFilter())
        let query = try filter.paging.query(self.desk.settings, usualSize: 10)
        let page = try await self.page(filter, query, call)
        let keys =
            filter.isFull == true
            ? try await self.desk.rows(page.items, now: call.now) : page.items.map { .text($0.hash.hex) }
        return Answer.json(
            [
                "keys": .array(keys), "total_count": .integer(page.total), "current_page": .integer(query.page),
                "total_pages": .integer(PageRequest.pages(page.total, query.size)),
            ] as JSONValue
        )
    }

    func aliases(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(KeyFilter.table, KeyFilter())
        let query = try filter.paging.query(self.desk.settings, usualSize: 50)
        let page = try await self.page(filter, query, call)
        return Answer.json(
            [
                "aliases": .texts(page.items.compactMap(\.alias)), "total_count": .integer(page.total),
                "current_page": .integer(query.page),
                "total_pages": .integer(PageRequest.pages(page.total, query.size)), "size": .integer(query.size),
            ] as JSONValue
        )
    }

    /// A page of the keys that the caller may see and asked for.
    private func page(
        _ filter: KeyFilter,
        _ query: RecordQuery,
        _ call: ManagementCall
    ) async throws(GatewayError) -> Page<VirtualKey> {
        var query = query
        query.userID = filter.userID
        query.teamID = filter.teamID
        query.organizationID = filter.organizationID
        query.alias = filter.alias
        if let hash = filter.hash { query.ids = [Desk.hash(ofKey: hash).hex] }
        let ownTeams = try await self.restrict(&query, filter, Authority(self.desk, call))
        guard filter.status != nil || !ownTeams.isEmpty else {
            let page = try await self.desk.list(VirtualKey.self, query)
            return Page(items: page.items.map(\.record), total: page.total)
        }
        // What no index knows is looked at record by record; the list is the caller's own, or an admin's rare question.
        var keys = try await self.desk.all(VirtualKey.self, query).map(\.record)
        for team in ownTeams where filter.teamID == nil {
            var teamQuery = query
            teamQuery.userID = nil
            teamQuery.teamID = team
            keys += try await self.desk.all(VirtualKey.self, teamQuery).map(\.record).filter { key in
                !keys.contains { $0.hash == key.hash }
            }
        }
        if let status = filter.status { keys.removeAll { KeyRow.status($0, call.now) != status.rawValue } }
        return query.page(of: query.sorted(keys))
    }

    /// Narrows a query to what the caller may see.
    ///
    /// - Returns: teams whose keys are to be added, because the caller is their admin and asked for them.
    private func restrict(
        _ query: inout RecordQuery,
        _ filter: KeyFilter,
        _ authority: Authority
    ) async throws(GatewayError) -> [String] {
        if authority.seesAll { return [] }
        if let teamID = filter.teamID, let team = try await self.desk.find(Team.self, teamID)?.record,
            try await authority.mayChange(team)
        {
            return []
        }
        if let organization = filter.organizationID, try await authority.isOrganizationAdmin(organization) { return [] }
        guard let userID = authority.userID else {
            let own = authority.ownKey?.hex
            query.ids = (query.ids ?? [own ?? ""]).filter { $0 == own }
            return []
        }
        if let asked = filter.userID, asked != userID {
            throw .forbidden(
                "You can only list your own keys. Got user_id=\(asked), Your ID=\(userID)",
                param: "user_id"
            )
        }
        query.userID = userID
        guard filter.includesTeamKeys == true else { return [] }
        return try await self.desk.all(Team.self).map(\.record).filter { authority.membership(in: $0)?.role == .admin }
            .map(\.id)
    }
}
